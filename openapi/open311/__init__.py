"""Open311 GeoReport v2: the hub as apps of other cities know it, over the same filing and the same public list."""
