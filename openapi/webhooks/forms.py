"""The forms of webhooks: where events go and which of them, and from which day they are sent again."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals.selectors import names
from openapi.event_types import PUBLISHED
from openapi.models import Subscription
from openapi.webhooks.selectors import label_of
from openapi.webhooks.subscriptions import REPLAY_REACHES
from ui.widgets import DateInput


class WebhookForm(forms.Form):
    """Made inside the world of the application: topics and areas are that world's."""

    url = forms.CharField(
        label=_("Address"), max_length=500, widget=forms.URLInput(attrs={"spellcheck": "false"}),
        help_text=_("An https address of your server that takes POST requests and answers with 2xx within 10 seconds."),
    )  # fmt: skip
    types = forms.MultipleChoiceField(
        label=_("Only these events"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: all events."),
    )  # fmt: skip
    topics = forms.TypedMultipleChoiceField(
        label=_("Only appeals with these topics"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: all topics."),
    )  # fmt: skip
    areas = forms.TypedMultipleChoiceField(
        label=_("Only appeals of these areas"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: all areas."),
    )  # fmt: skip

    def __init__(self, *args: Any, webhook: Subscription | None = None, **kwargs: Any) -> None:
        if webhook is not None:
            kwargs["initial"] = {name: getattr(webhook, name) for name in ("url", "types", "topics", "areas")}
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[Any, str]]] = {
            "types": [(word, f"{label_of(word)} ({word})") for word in PUBLISHED],
            "topics": _choices(names.topics()),
            "areas": _choices(names.areas()),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]  # choice fields


def _choices(table: Any) -> list[tuple[Any, str]]:
    rows = [(row.id, row.name) for row in table.values() if row.is_active]
    return sorted(rows, key=lambda row: row[1])


class ReplayForm(forms.Form):
    since = forms.DateField(
        label=_("From which day"), widget=DateInput,
        help_text=_("At most 30 days back. Messages keep their ids: a receiver that knows an id drops the message."),
    )  # fmt: skip

    def begin(self) -> datetime:
        """The beginning of that day by the clock of the city; of the first possible day as much as is possible."""
        begin = timezone.make_aware(datetime.combine(self.cleaned_data["since"], time.min))
        earliest = timezone.now() - REPLAY_REACHES + timedelta(minutes=1)
        return earliest if earliest - timedelta(days=1) < begin < earliest else begin
