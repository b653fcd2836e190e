"""Tries within a window of time."""

from __future__ import annotations

from django.db import models


class Throttle(models.Model):
    """Tries within a window, counted by one atomic statement so that any number of web processes share the count.

    The window ends when it was said to end, however many tries follow: nobody can lengthen the wait of another.
    """

    key = models.CharField(max_length=80, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
