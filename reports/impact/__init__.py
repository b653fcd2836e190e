"""Open Impact: what was mended because people asked."""
