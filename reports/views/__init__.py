"""The pages of the statistics: dashboards, single reports with their exports, the dictionary. Open to everybody."""
