"""Pages of QR Score: the visitor's, the public results, the staff's."""
