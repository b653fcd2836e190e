"""The state signature: what may be uploaded, what NCANode says of it, and what the hub itself demands."""
