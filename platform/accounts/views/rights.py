"""Who may do what: my own rights first, then the table, on paper and as a table file too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import rights_table
from accounts.duty_forms import RightsFilterForm
from accounts.views.tabs import me, tabs
from common import csv_lines


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    form = RightsFilterForm(request.GET)
    chosen = form.chosen()
    context = {
        "tabs": tabs("accounts:rights"),
        "mine": rights_table.rights_of(me(request)),
        "groups": rights_table.groups(**chosen),
        "form": form,
        "count": len([value for value in chosen.values() if value]),
        "reset_url": reverse("accounts:rights"),
    }
    return render(request, "accounts/rights.html", context)


@require_safe
def rights_csv(request: HttpRequest) -> StreamingHttpResponse:
    header, *rows = rights_table.matrix()
    response = StreamingHttpResponse(csv_lines.lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rights.csv"'
    return response
