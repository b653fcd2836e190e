"""Pages for the staff: who may do what, who stands in for whom, who is on duty."""
