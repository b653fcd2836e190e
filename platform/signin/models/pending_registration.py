"""A registration that waits for its code."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from common.crypto import EncryptedTextField


class PendingRegistration(models.Model):
    """What somebody gave to open an account, until the code that was sent to his contact is entered.

    No account exists before that, so nobody can take an address that is not his, and a known contact makes just
    such a row as a new one does.
    """

    reference = models.CharField(max_length=40, primary_key=True)
    medium = models.CharField(max_length=10)
    contact = EncryptedTextField()
    last_name = EncryptedTextField()
    first_name = EncryptedTextField()
    language = models.CharField(max_length=2, default="kk")
    password = models.CharField(max_length=128)  # hashed
    is_known = models.BooleanField(default=False)  # the contact has an account: no code was sent, none is right
    next_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.reference
