"""The form by which somebody chooses his notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import Notification
from notifications.preferences import NoticeGroup


class PreferencesForm(forms.Form):
    """A set of ways for every group; a group that is owed keeps at least one."""

    def __init__(
        self, *args: Any, groups: Sequence[NoticeGroup], chosen: Mapping[str, frozenset[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for group in groups:
            self.fields[group.slug] = forms.MultipleChoiceField(
                label=str(group.title),
                help_text=str(group.text),
                choices=[(way, Notification.Transport(way).label) for way in group.media],
                widget=forms.CheckboxSelectMultiple,
                required=group.is_owed,
                initial=sorted(chosen[group.slug]),
                error_messages={"required": _("Leave at least one way: we must be able to tell you this.")},
            )
