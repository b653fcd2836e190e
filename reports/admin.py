"""Tables of the statistics to edit: the rule of small counts, thresholds of early warning, the tension index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import StaffAdmin
from reports.dictionary import METRICS, Kind
from reports.models import DisclosureRule, TensionComponent, WarningThreshold
from reports.warning.thresholds import THRESHOLDS, is_default

if TYPE_CHECKING:
    BaseForm = forms.ModelForm[Any]
else:
    BaseForm = forms.ModelForm


class ThresholdForm(BaseForm):
    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        bounds, value = THRESHOLDS.get(said.get("key") or self.instance.key), said.get("value")
        if bounds and value is not None and not bounds.least <= value <= bounds.most:
            text = _("Between %(least)s and %(most)s.") % {"least": bounds.least, "most": bounds.most}
            self.add_error("value", text)
        return said


@admin.register(WarningThreshold)
class WarningThresholdAdmin(StaffAdmin):
    effect = _("Holds from the next look on, within the hour. Open warnings stay until they end by themselves.")
    form = ThresholdForm
    list_display = ("key", "value", "default", "is_default")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("key",) if obj else ()

    @admin.display(description=_("default"))
    def default(self, row: WarningThreshold) -> float:
        return THRESHOLDS[row.key].default

    @admin.display(description=_("as shipped"), boolean=True)
    def is_default(self, row: WarningThreshold) -> bool:
        return row.value == THRESHOLDS[row.key].default


@admin.register(DisclosureRule)
class DisclosureRuleAdmin(StaffAdmin):
    """A single row; without it the rule is the one that the hub comes with."""

    effect = _("Holds for every page, file and program within seconds. The open data keep their own rule of five.")
    help_texts: ClassVar = {
        "fewest": _(
            "Figures about fewer appeals are hidden wherever a filter or a breakdown tells them apart. 1: none."
        )
    }

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model._default_manager.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ComponentForm(BaseForm):
    def clean_metric(self) -> str:
        key = str(self.cleaned_data["metric"])
        if key != TensionComponent.GROWTH and (key not in METRICS or METRICS[key].kind != Kind.SHARE):
            raise forms.ValidationError(_("Not the key of a share in the metric dictionary."))
        return key


@admin.register(TensionComponent)
class TensionComponentAdmin(StaffAdmin):
    effect = _("Holds from the next night on. Earlier days keep the parts they were computed with.")
    form = ComponentForm
    list_display = ("metric", "weight", "calm", "tense", "least", "shipped")

    @admin.display(description=_("as shipped"), boolean=True)
    def shipped(self, row: TensionComponent) -> bool:
        return is_default(row)
