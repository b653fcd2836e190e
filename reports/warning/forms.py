"""Forms of the warnings: filter of the list, change of state, subscription."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reports import sources
from reports.models import EarlyWarning
from reports.warning import selectors, states

ANY = ("", _("Any"))


def _keys(dimension: str) -> list[tuple[str, str]]:
    return [(str(choice.key), choice.name) for choice in sources.choices(dimension) if choice.is_active]


class FilterForm(forms.Form):
    """Which warnings are listed, and in what order."""

    state = forms.ChoiceField(
        label=_("State"), required=False, initial=selectors.OPEN,
        choices=[(selectors.OPEN, _("All that are open")), *EarlyWarning.State.choices, ("all", _("All"))],
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *EarlyWarning.Kind.choices])
    area = forms.ChoiceField(label=_("City sector"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    order = forms.ChoiceField(
        label=_("Order"), required=False, initial=selectors.NEWEST,
        choices=[
            (selectors.NEWEST, _("Seen last first")),
            (selectors.LARGEST, _("Most appeals first")),
            (selectors.SUREST, _("Least likely by chance first")),
        ],
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        for name in ("area", "sector"):
            self.fields[name].choices = [ANY, *_keys(name)]  # type: ignore[attr-defined]

    def wanted(self) -> selectors.Wanted:
        """What is not understood is left out."""
        self.is_valid()
        said = self.cleaned_data
        state = said.get("state") or selectors.OPEN
        return selectors.Wanted(
            kind=said.get("kind") or "",
            state="" if state == "all" else state,
            area=int(said["area"]) if said.get("area") else None,
            sector=int(said["sector"]) if said.get("sector") else None,
            order=said.get("order") or selectors.NEWEST,
        )


class StateForm(forms.Form):
    """What becomes of a warning, and why."""

    to = forms.ChoiceField(label=_("New state"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=states.LONGEST_REASON, widget=forms.Textarea,
        help_text=_("Needed to explain or to close. Do not write names, telephones or addresses here."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, row: EarlyWarning) -> None:
        super().__init__(data, initial={"version": row.version})
        allowed = states.TRANSITIONS[row.state]
        self.fields["to"].choices = [(to, EarlyWarning.State(to).label) for to in allowed]  # type: ignore[attr-defined]


class SubscribeForm(forms.Form):
    """Of what somebody wants to hear."""

    area = forms.ChoiceField(label=_("Tell me of"))

    def __init__(self, data: QueryDict | None = None, *, area_id: int = 0) -> None:
        super().__init__(data, initial={"area": str(area_id)})
        whole = ("0", _("all warnings"))
        self.fields["area"].choices = [whole, *_keys("area")]  # type: ignore[attr-defined]

    def area_id(self) -> int:
        return int(self.cleaned_data["area"] or 0) if self.is_valid() else 0
