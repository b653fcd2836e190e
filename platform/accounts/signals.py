"""What accounts tell whoever listens: the log of the audit stands above and cannot be called from here."""

from django.dispatch import Signal

# A substitution or a roster was changed. Keyword arguments: actor, what ("substitution" or "roster"), subject_ref,
# before, after: dicts of plain values, empty where there was nothing or is nothing any more.
duty_changed = Signal()
