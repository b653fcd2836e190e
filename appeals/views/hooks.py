"""The one address at which channels push: check, store, answer. Nothing is understood here."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from appeals import deliveries
from appeals.channels.base import ChannelAdapter, Forged, Malformed, channels
from appeals.models import ChannelCounter

Reason = ChannelCounter.Reason


@csrf_exempt
@require_POST
def hook(request: HttpRequest, slug: str) -> HttpResponse:
    """200 means: it is safe with us. The sender repeats whatever got another answer."""
    if slug not in channels or not channels.get(slug).is_pushed:
        return HttpResponse(status=404)
    adapter = channels.get(slug)
    raw = _body(request, adapter)
    if raw is None:
        deliveries.count_refusal(adapter.channel, Reason.TOO_LARGE)
        return HttpResponse(status=413)
    try:
        adapter.verify(request.headers, raw)
        external_id = adapter.delivery_id(raw)
    except Forged:
        deliveries.count_refusal(adapter.channel, Reason.FORGED)
        return HttpResponse(status=403)
    except Malformed as error:
        deliveries.refuse(adapter.channel, raw, why=str(error))
        return HttpResponse(status=400)
    deliveries.store(adapter.channel, external_id, raw)
    return HttpResponse(status=200)


def _body(request: HttpRequest, adapter: ChannelAdapter) -> bytes | None:
    """The payload, never more of it read than the channel may send; None when it is larger."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > adapter.largest_payload:
        return None
    try:
        raw = request.body
    except RequestDataTooBig:
        return None
    except UnreadablePostError:
        return b""
    return raw if len(raw) <= adapter.largest_payload else None
