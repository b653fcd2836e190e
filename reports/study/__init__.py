"""The past before the hub: figures of a study of 2011-2024 with what is printed, what is corrected and why.

from reports import study
for line in study.series("akimat_appeals", by="channel"):
    line.name, line.hub_key, [(point.year, point.value.number, point.value.status) for point in line.points]
"""

from reports.study.contents import Source, Table, Value, Words, table, tables
from reports.study.trends import Point, Series, series, series_keys

__all__ = ["Point", "Series", "Source", "Table", "Value", "Words", "series", "series_keys", "table", "tables"]
