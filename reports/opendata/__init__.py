"""Open data: datasets made of facts and figures so that nobody can be found in them, in versions that never change."""
