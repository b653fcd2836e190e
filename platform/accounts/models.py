"""Users, their roles with scopes, and the one-time codes by which a contact is confirmed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from organizations.models import Area, Department, Organization


class User(AbstractUser):
    """A person who signs in: a resident or a member of staff. What he may do comes from his roles."""

    patronymic = models.CharField(_("patronymic"), max_length=150, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True, db_index=True)
    phone_confirmed_at = models.DateTimeField(_("phone confirmed"), null=True, blank=True, editable=False)
    language = models.CharField(
        _("language"), max_length=2, default="kk", choices=[("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
    )
    iin = EncryptedTextField(_("IIN"), default="", blank=True)
    iin_hash = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    post = models.CharField(_("post"), max_length=200, blank=True)
    postal_address = models.CharField(_("postal address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        indexes: ClassVar = [models.Index(Lower("email"), name="user_by_email")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["phone"], condition=models.Q(phone_confirmed_at__isnull=False), name="confirmed_phone_once"
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        """Surname and initials, for where a whole name has no room: «Ахметова С. Қ.»."""
        initials = " ".join(f"{part[0]}." for part in (self.first_name, self.patronymic) if part)
        return f"{self.last_name} {initials}".rstrip() if self.last_name else str(self)


class Role(models.TextChoices):
    OPERATOR = "operator", _("Operator")
    INSPECTOR = "inspector", _("Inspector")
    EXECUTOR = "executor", _("Executor")
    CO_EXECUTOR = "co_executor", _("Co-executor")
    ANALYST = "analyst", _("Analyst")
    METHODOLOGIST = "methodologist", _("Methodologist")
    HEAD = "head", _("Head of department")
    DEPUTY_AKIM = "deputy_akim", _("Deputy city akim")
    AKIM = "akim", _("City akim")
    MODERATOR = "moderator", _("Moderator")
    ADMINISTRATOR = "administrator", _("Administrator")
    SECURITY_OFFICER = "security_officer", _("Security officer")


class RoleAssignment(models.Model):
    """A role of a user within a scope; an empty scope field means everywhere."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("organization")
    )
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, related_name="role_assignments", verbose_name=_("department")
    )
    area = models.ForeignKey(
        Area, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("city sector")
    )
    only_on_shift = models.BooleanField(
        _("only on shift"),
        default=False,
        help_text=_("The role acts during the person's shifts, and half an hour before and after for handing over."),
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "organization", "department", "area"],
                nulls_distinct=False,
                name="role_once_per_scope",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class Substitution(models.Model):
    """Somebody stands in for a colleague from `begins_on` to `ends_on`, both included, in days of Almaty's calendar.

    He gets the roles that the one he stands in for had when it was set and still has; not those that the latter has
    from standing in for others, nor those that are given to a person alone (`accounts.rights.NEVER_LENT`).
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="substitutions", verbose_name=_("who is away"))
    substitute = models.ForeignKey(User, models.CASCADE, related_name="stands_in", verbose_name=_("who stands in"))
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("set by"))
    created_at = models.DateTimeField(_("set at"), default=timezone.now)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by"))
    ended_at = models.DateTimeField(_("ended early"), null=True)
    # The roles, each with its scope, that he had when it was set: what he got later is not lent.
    lent = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        indexes: ClassVar = [
            models.Index(fields=["substitute", "ends_on"], name="stands_in_now"),
            models.Index(fields=["user", "ends_on"], name="substituted_now"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(user=models.F("substitute")), name="nobody_stands_in_for_himself"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("begins_on")), name="substitution_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} / {self.user} {self.begins_on:%Y-%m-%d}…{self.ends_on:%Y-%m-%d}"


class Shift(models.Model):
    """One turn of duty of a person in a unit; the roster of a unit is all of its shifts."""

    class Pattern(models.TextChoices):
        TWO_TWO = "2/2", _("two days on, two days off")
        FIVE_TWO = "5/2", _("Monday to Friday")
        SINGLE = "single", _("single shift")

    user = models.ForeignKey(User, models.CASCADE, related_name="shifts", verbose_name=_("person"))
    department = models.ForeignKey(Department, models.CASCADE, related_name="shifts", verbose_name=_("department"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    pattern = models.CharField(_("pattern"), max_length=10, choices=Pattern.choices, default=Pattern.SINGLE)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("set by"))
    created_at = models.DateTimeField(_("set at"), default=timezone.now)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        indexes: ClassVar = [
            models.Index(fields=["department", "starts_at"], name="roster_of_department"),
            models.Index(fields=["user", "ends_at"], name="shifts_of_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.starts_at:%Y-%m-%d %H:%M}"


class ContactChallenge(models.Model):
    """A one-time code sent to a phone or an e-mail address, to confirm it or to sign in.

    Codes are HOTP values of a secret of the row; the counter grows with each send, the attempts are
    counted before comparing, a used row is never used again.
    """

    class Medium(models.TextChoices):
        SMS = "sms", _("SMS")
        EMAIL = "email", _("E-mail")

    purpose = models.CharField(max_length=30)
    subject_ref = models.CharField(max_length=60, db_index=True)
    medium = models.CharField(max_length=10, choices=Medium.choices)
    address = EncryptedTextField()
    address_hash = models.CharField(max_length=64, db_index=True)
    language = models.CharField(max_length=2, default="kk")
    secret = EncryptedTextField()
    counter = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    sends = models.PositiveSmallIntegerField(default=0)
    budget = models.CharField(max_length=20, default="", blank=True)  # which count of codes to this address it adds to
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_ref}"
