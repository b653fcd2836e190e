"""Read queries of the appeals: they return querysets or frozen dataclasses and never write."""

from appeals.selectors.similar import BriefAppeal, earlier_by_phone, similar_open

__all__ = ["BriefAppeal", "earlier_by_phone", "similar_open"]
