"""Reports: rollups, dashboards, analyses and open data."""
