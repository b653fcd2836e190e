"""The demo city: invented accounts and appeals, clearly marked, for a hub that one can look at and try."""
