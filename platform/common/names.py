"""Names in the three languages of the hub, on models that carry one for each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class TrilingualName(models.Model):
    """A name in Kazakh, Russian and English; `name` gives the one of the active language."""

    name_kk = models.CharField(_("name in Kazakh"), max_length=250)
    name_ru = models.CharField(_("name in Russian"), max_length=250)
    name_en = models.CharField(_("name in English"), max_length=250, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_in(get_language() or "kk")

    def name_in(self, language: str) -> str:
        """The name in `language`, falling back to Kazakh: never empty."""
        return getattr(self, f"name_{language[:2]}", "") or self.name_kk
