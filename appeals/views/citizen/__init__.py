"""Pages of the resident: file, follow, answer back, judge; all of them work without JavaScript."""
