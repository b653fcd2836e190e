"""Two at the same moment, on the real database; each race with a control that shows it without the lock."""
