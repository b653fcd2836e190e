"""Outside providers through which members of the staff may sign in to the hub."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from common.names import TrilingualName


class OutsideProvider(TrilingualName):
    """An OpenID Connect provider of the state or the akimat; its secret is encrypted at rest."""

    slug = models.SlugField(_("key"), max_length=40, unique=True)
    issuer = models.URLField(_("issuer"), max_length=300)
    client_id = models.CharField(_("client identifier"), max_length=191)
    secret = EncryptedTextField(_("client secret"), default="", blank=True)
    identifier_claim = models.CharField(_("claim that names the person"), max_length=60, default="sub")
    email_domains = models.JSONField(_("allowed e-mail domains"), default=list)
    strong_methods = models.JSONField(_("methods that count as two factors (amr)"), default=list)
    strong_levels = models.JSONField(_("levels that count as two factors (acr)"), default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    switched_off_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("outside provider")
        verbose_name_plural = _("outside providers")

    @property
    def is_on(self) -> bool:
        return self.switched_off_at is None
