"""What the apps below this one hold of a person; they cannot announce it themselves."""
