"""Link accounts of an outside provider with accounts of the hub, and unlink them."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import is_staff_member
from common.errors import Conflict, ValidationFailed
from signin import contacts
from sso import records
from sso.models import OutsideProvider

LONGEST_IDENTIFIER = 191


def link_identifier(provider: OutsideProvider, user: User, identifier: str, *, actor: User) -> SocialAccount:
    """An administrator says in advance by which identifier the provider knows a member of the staff."""
    if not is_staff_member(user):
        raise ValidationFailed(_("Only members of the staff sign in this way."), field="user", code="no_staff")
    if not 0 < len(identifier) <= LONGEST_IDENTIFIER:
        raise ValidationFailed(_("The identifier is missing or too long."), field="identifier")
    try:
        with transaction.atomic():
            row = SocialAccount.objects.create(user=user, provider=provider.slug, uid=identifier)
            records.linked(provider.slug, user, actor=actor)
            _tell(user, provider.slug, is_linked=True, key=f"outside-linked:{row.pk}")
    except IntegrityError:
        raise Conflict(_("This identifier is linked already."), field="identifier", code="linked") from None
    return row


@transaction.atomic
def unlink(row: SocialAccount, *, actor: User) -> None:
    """The provider opens this account no more; the password and the second factor stay as they are."""
    user, slug, key = row.user, row.provider, row.pk
    row.delete()
    records.unlinked(slug, user, actor=actor)
    _tell(user, slug, is_linked=False, key=f"outside-unlinked:{key}")


def linked_by_the_person(request: object, sociallogin: object, **_kwargs: object) -> None:
    """Allauth has linked an account after the person came back from the provider."""
    account = sociallogin.account  # type: ignore[attr-defined]  # allauth's SocialLogin
    records.linked(account.provider, account.user, actor=account.user)
    _tell(account.user, account.provider, is_linked=True, key=f"outside-linked:{account.pk}")


def _tell(user: User, slug: str, *, is_linked: bool, key: str) -> None:
    row = OutsideProvider.objects.filter(slug=slug).first()
    with override(user.language):
        name = row.name if row else slug
        subject = _("Signing in through an outside provider")
        if is_linked:
            body = _("Halyq Uni: your account can now be opened through “%(name)s”. Not you? Call the administrator.")
        else:
            body = _("Halyq Uni: your account can no longer be opened through “%(name)s”.")
    contacts.tell(user, key=key, template="outside_link", subject=subject, body=body % {"name": name})
