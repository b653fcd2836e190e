"""QR Score: a code at each window, three taps to rate it, and what comes of the ratings."""
