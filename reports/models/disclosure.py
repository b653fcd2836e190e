"""From how many appeals on the public statistics tell a group apart."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class DisclosureRule(models.Model):
    """One row, edited by the methodologist. The law asks for de-identified statistics and names no number."""

    fewest = models.PositiveSmallIntegerField(
        _("fewest appeals of a group that is told apart"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    class Meta:
        verbose_name = _("rule of small counts")
        verbose_name_plural = _("rule of small counts")

    def __str__(self) -> str:
        return str(self.fewest)
