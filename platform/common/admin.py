"""Base classes of the administration site, and the working calendar in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import BinaryField, Model, QuerySet
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from common.models import CalendarDay, OfficeHours

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
else:
    BaseAdmin = admin.ModelAdmin

# Sent after an edit in the administration site; keyword arguments: actor, subject, what, values. The last one has
# for each changed field its value before and after, as far as it may be told.
configured = Signal()
SECRET = re.compile("secret|token|password|key|hash", re.IGNORECASE)
LONGEST_VALUE = 500
NAMES = ("name_kk", "name_ru", "name_en")
MOST_COUNTED = 10_000
RELATED_ONLY = admin.RelatedOnlyFieldListFilter  # a filter of what stands in the list, not of everything there is


class Gate(Protocol):
    """The site that knows who may open which table."""

    def allows(self, request: HttpRequest, model: type[Model]) -> bool: ...


class StaffAdmin(BaseAdmin):
    """Whom the table of rights opens this table may edit here; every edit is told to who keeps the record of them."""

    list_per_page = 50
    effect: str | Promise = ""  # what an edit of this table changes, and from when on; stands above the form
    help_texts: ClassVar[Mapping[str, str | Promise]] = {}  # what a field does, beside what the model says of it
    personal: ClassVar[tuple[str, ...]] = ()  # fields whose values are not told to the record of edits

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, **{"help_texts": self.help_texts, **kwargs})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if self.effect and len(sets) == 1:
            return [(None, {**sets[0][1], "description": self.effect})]
        return sets

    def _is_open(self, request: HttpRequest) -> bool:
        return cast(Gate, self.admin_site).allows(request, self.model)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_open(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_open(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_open(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_open(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_open(request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.edited_by = request.user  # for whoever listens to the save and keeps the name
        obj.edited_values = values_changed(form, unless=self.personal) if change else {}
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        obj.edited_by = request.user
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """One by one, so that each deletion has its name."""
        for obj in queryset:
            self.delete_model(request, obj)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._tell(request, obj, "added")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._tell(request, obj, "changed", message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._tell(request, obj, "deleted")
        return super().log_deletions(request, queryset)

    def _tell(self, request: HttpRequest, obj: Model, what: str, message: Any = None) -> None:
        subject = f"{obj._meta.label}:{obj.pk}"
        configured.send(
            sender=type(obj),
            actor=request.user,
            subject=subject,
            what=[what, *_changed(message)],
            values=getattr(obj, "edited_values", {}),
        )


def values_changed(form: Any, *, unless: Collection[str] = ()) -> dict[str, list[str | None]]:
    """Before and after of each changed field, as text; neither of secrets nor of encrypted or personal data."""
    model_fields = {field.name: field for field in form.instance._meta.get_fields()}
    return {
        name: [_told(form.initial.get(name)), _told(form.cleaned_data.get(name))]
        for name in form.changed_data
        if name not in unless and not SECRET.search(name) and not isinstance(model_fields.get(name), BinaryField)
    }


def _told(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, Model):
        value = value.pk
    return str(value)[:LONGEST_VALUE]


def _changed(message: Any) -> list[str]:
    """Names of the changed fields out of the message of the admin."""
    if not isinstance(message, list):
        return []
    found = (part.get("changed", {}).get("fields", []) for part in message if isinstance(part, dict))
    return [str(name) for fields in found for name in fields]


class QuickPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than a reader would ever page: logs have millions of rows."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by().values("pk")[:MOST_COUNTED].count()


class LogAdmin(StaffAdmin):
    """To look at, never to change."""

    paginator = QuickPaginator
    show_full_result_count = False
    actions: Any = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CalendarDay)
class CalendarDayAdmin(StaffAdmin):
    """An edit here moves the open terms: they are computed anew, and each case's history says so."""

    effect = _("An edit moves every open term within half a minute; the history of each appeal says so and why.")
    help_texts: ClassVar = {
        "kind": _("Holidays and moved days off do not count as working days; a worked day off does."),
        "source": _("The decision it rests on, for whoever asks later."),
    }
    list_display = ("date", "kind", "name_kk", "name_ru", "source")
    list_filter = ("kind", "date")
    search_fields = (*NAMES, "source")
    date_hierarchy = "date"
    ordering = ("-date",)


@admin.register(OfficeHours)
class OfficeHoursAdmin(StaffAdmin):
    effect = _(
        "Outside these hours a statutory appeal counts as registered on the next working day, terms in working hours "
        "stand still, and routing rules for the time outside office hours hold."
    )
    help_texts: ClassVar = {"break_from": _("Leave the break empty where there is none.")}
    list_display = ("weekday", "opens_at", "break_from", "break_until", "closes_at")
