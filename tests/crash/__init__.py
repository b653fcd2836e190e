"""The real stack under fire: processes are killed in the middle of the work, and what was accepted is counted."""
