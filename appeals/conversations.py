"""What becomes of what a channel delivered: a new appeal, a part of an open one, an answer of the bot, or a wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from appeals import buttons, feedback, intake, talk, threads, undelivered
from appeals.channels.base import (
    Incoming,
    IncomingAppeal,
    IncomingBounce,
    IncomingCommand,
    IncomingJudgement,
    IncomingMessage,
    Sender,
)
from appeals.channels.base import channels as registry
from appeals.models import (
    Appeal,
    Channel,
    ChannelParameters,
    ChannelThread,
    Message,
    RawDelivery,
    Reply,
    Verdict,
)
from appeals.payload_text import unpack
from common.crypto import keyed_hash
from common.errors import Conflict, DomainError, NotAllowed, RateLimited, ValidationFailed
from common.files import CheckedFile, UploadLimits, check_file
from common.rows import CachedRows
from common.text import guess_language
from organizations.models import Organization

MEGABYTE = 1024 * 1024
MOST_HELD = 20
HELD_FOR = timedelta(hours=24)
SHOWN_BY_STATUS = 5


def handle(incoming: Incoming, delivery: RawDelivery) -> Appeal | None:
    """Do what was asked for, in the caller's transaction; the appeal it ended up in."""
    if isinstance(incoming, IncomingAppeal):
        return intake.submit_appeal(incoming).appeal
    if isinstance(incoming, IncomingBounce):
        return undelivered.take_bounce(incoming.message_ids, why=incoming.why)
    thread = _thread(incoming.sender)
    with override(language_of(thread, incoming.sender)):
        if isinstance(incoming, IncomingMessage):
            return _message(incoming, thread, delivery)
        if isinstance(incoming, IncomingCommand):
            return _command(incoming, thread, delivery)
        return _judgement(incoming)


def parameters_of(channel: Channel) -> ChannelParameters:
    """The administrator's numbers for the channel, or the defaults: an e-mail that answers nothing is a new matter."""
    row = _parameters().get(channel)
    return row or ChannelParameters(channel=channel, join_within_hours=0 if channel == Channel.EMAIL else 72)


_parameters = CachedRows(lambda: {row.channel: row for row in ChannelParameters.objects.all()})


def _thread(sender: Sender) -> ChannelThread:
    """The conversation, locked: two messages of one person are never handled side by side."""
    rows = ChannelThread.objects.select_for_update()
    thread = rows.filter(thread_key=sender.thread_key).first()
    return thread or rows.get_or_create(thread_key=sender.thread_key)[0]


def language_of(thread: ChannelThread, sender: Sender) -> str:
    """The language chosen, else that of the person's program, else Kazakh."""
    return thread.language or sender.language or "kk"


# Messages


def _message(incoming: IncomingMessage, thread: ChannelThread, delivery: RawDelivery) -> Appeal | None:
    if incoming.sender.email and Organization.objects.filter(email__iexact=incoming.sender.email).exists():
        raise NotAllowed("From a body that appeals are forwarded to: read it and act by hand.", code="from_body")
    known = threads.owner_of(incoming.channel, incoming.external_id)
    appeal = Appeal.objects.get(pk=known) if known else _open_appeal(incoming, thread)
    if appeal is not None:
        return _join(appeal, incoming)
    if incoming.is_revision:
        return None
    parts = [*_held(thread), incoming]
    text = "\n".join(part.text for part in parts if part.text)
    if len(text) < intake.SHORTEST_TEXT:
        _hold(thread, delivery, incoming)
        return None
    return _open(parts, text, thread)


def _open_appeal(incoming: IncomingMessage, thread: ChannelThread) -> Appeal | None:
    """The open appeal the message belongs to: the one it corrects or answers, or the one just spoken of."""
    if incoming.is_revision:
        owner = threads.owner_of(incoming.channel, incoming.external_id.rpartition(":")[0])
        if owner is None:
            return None
        return Appeal.objects.filter(pk=owner, closed_at__isnull=True).first()
    own = _own_appeals(incoming.sender)
    # An answer to our own message proves by its seal (e-mail) or its chat (messenger) that it is the applicant's.
    answered = Appeal.objects if incoming.channel == Channel.EMAIL else own
    found = answered.filter(number__in=incoming.answers_to, closed_at__isnull=True).order_by("-pk").first()
    if found or thread.wants_new:
        return found
    named = own.filter(number__in=incoming.names, closed_at__isnull=True).order_by("-pk").first()
    return named or _recent_appeal(incoming)


def _own_appeals(sender: Sender) -> QuerySet[Appeal]:
    """Appeals of the same conversation, and by e-mail those that gave this address as theirs."""
    rows = Appeal.objects.filter(applicant__thread_key=sender.thread_key)
    if sender.email:
        rows = rows | Appeal.objects.filter(applicant__email_hash=keyed_hash(sender.email, purpose="email"))
    return rows


def _recent_appeal(incoming: IncomingMessage) -> Appeal | None:
    hours = parameters_of(incoming.channel).join_within_hours
    rows = Appeal.objects.filter(applicant__thread_key=incoming.sender.thread_key, closed_at__isnull=True)
    latest = rows.order_by("-pk").first()
    if latest is None or not hours:
        return None
    last = Message.objects.filter(appeal=latest).aggregate(last=Max("at"))["last"]
    spoken_at = max(latest.received_at, last or latest.received_at)
    return latest if spoken_at > timezone.now() - timedelta(hours=hours) else None


def _join(appeal: Appeal, incoming: IncomingMessage) -> Appeal:
    files, refused = _check_files(incoming)
    parts = threads.MessageParts(
        channel=incoming.channel,
        external_id=incoming.external_id,
        received_at=incoming.received_at,
        text=incoming.text,
        files=files,
        remote_files=incoming.remote_files,
        place=incoming.place,
        phone=incoming.sender.phone,
        is_revision=incoming.is_revision,
    )
    joined = threads.join_message(appeal.pk, parts=parts)
    if joined.created and not incoming.is_revision:
        talk.say(incoming, "joined", {"number": joined.appeal.number})
    _tell_refused(incoming, refused)
    return joined.appeal


def _check_files(incoming: IncomingMessage) -> tuple[list[CheckedFile], list[str]]:
    """The files fit to be kept, and why the others are not; a bad file never costs the message."""
    limits = UploadLimits(max_bytes=parameters_of(incoming.channel).largest_file_mb * MEGABYTE)
    kept, refused = [], []
    for file in incoming.files:
        try:
            kept.append(check_file(file.name, file.content, limits))
        except ValidationFailed as error:
            refused.append(str(error.message))
    return kept[: intake.MAX_FILES], refused


def _tell_refused(incoming: IncomingMessage, refused: list[str]) -> None:
    if refused:
        talk.say(incoming, "files_refused", {"reasons": refused})


# Holding and opening


def _hold(thread: ChannelThread, delivery: RawDelivery, incoming: IncomingMessage) -> None:
    """A photo or a greeting comes first: keep it until the text comes, and ask for the text once."""
    is_first = not thread.held
    if delivery.pk not in thread.held:
        thread.held = [*thread.held, delivery.pk][-MOST_HELD:]
        thread.save(update_fields=["held", "updated_at"])
    if is_first:
        talk.say(incoming, "ask_text", {})


def _held(thread: ChannelThread) -> list[IncomingMessage]:
    rows = RawDelivery.objects.filter(pk__in=thread.held, received_at__gt=timezone.now() - HELD_FOR).order_by(
        "received_at", "pk"
    )
    parts: list[IncomingMessage] = []
    for row in rows:
        found = registry.get(row.channel).parse(unpack(row.payload), row.received_at)
        parts += [item for item in found if isinstance(item, IncomingMessage)]
    return parts


def _open(parts: list[IncomingMessage], text: str, thread: ChannelThread) -> Appeal:
    """One appeal from everything said so far; what is not text is added to it as parts of its first message."""
    incoming = parts[-1]
    _check_rate(incoming)
    place = next((part.place for part in parts if part.place), None)
    phone = next((part.sender.phone for part in parts if part.sender.phone), "")
    submitted = intake.submit_appeal(
        intake.IncomingAppeal(
            channel=incoming.channel,
            external_id=incoming.external_id,
            text=text[: intake.LONGEST_TEXT],
            subject=incoming.subject,
            received_at=incoming.received_at,
            language=guess_language(text),
            answer_language=thread.language,
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
            parent_id=_parent(incoming),
            applicant=intake.IncomingApplicant(
                full_name=incoming.sender.name,
                phone=phone,
                email=incoming.sender.email,
                thread_key=incoming.sender.thread_key,
                contact_confirmed=True,
            ),
        )
    )
    thread.held, thread.wants_new = [], False
    thread.save(update_fields=["held", "wants_new", "updated_at"])
    for part in parts:
        if part.files or part.remote_files:
            bare = replace(
                part, external_id=incoming.external_id, text="", place=None, sender=replace(part.sender, phone="")
            )
            _join(submitted.appeal, bare)
    return submitted.appeal


def _check_rate(incoming: IncomingMessage) -> None:
    """A sender that floods, or a robot that answers our answers, stops here; the delivery stays for a person to see."""
    since = timezone.now() - timedelta(days=1)
    recent = Appeal.objects.filter(applicant__thread_key=incoming.sender.thread_key, received_at__gt=since).count()
    if recent >= parameters_of(incoming.channel).appeals_per_day:
        raise RateLimited(code="appeals_per_day")


def _parent(incoming: IncomingMessage) -> int | None:
    """An answer to a message about a closed appeal opens a new one that knows the old."""
    own = _own_appeals(incoming.sender)
    answered = Appeal.objects if incoming.channel == Channel.EMAIL else own
    return answered.filter(number__in=incoming.answers_to).order_by("-pk").values_list("pk", flat=True).first()


# Commands and buttons


def _command(command: IncomingCommand, thread: ChannelThread, delivery: RawDelivery) -> Appeal | None:
    if command.name == "language" and command.argument in {"kk", "ru", "en"}:
        thread.language = command.argument
        thread.save(update_fields=["language", "updated_at"])
        with override(thread.language):
            talk.say(command, "language_set", {})
    elif command.name == "new":
        return _new(command, thread, delivery)
    elif command.name == "status":
        _status(command)
    else:
        talk.say(command, "help", {}, markup=buttons.language_buttons())
    return None


def _new(command: IncomingCommand, thread: ChannelThread, delivery: RawDelivery) -> Appeal | None:
    """The next text opens a new appeal; a text behind the command is that text already."""
    thread.wants_new, thread.held = True, []
    thread.save(update_fields=["wants_new", "held", "updated_at"])
    if not command.argument:
        talk.say(command, "ask_new", {})
        return None
    incoming = IncomingMessage(
        channel=command.channel,
        external_id=command.external_id,
        sender=command.sender,
        received_at=command.received_at,
        text=command.argument,
    )
    return _message(incoming, thread, delivery)


def _status(command: IncomingCommand) -> None:
    rows = Appeal.objects.filter(applicant__thread_key=command.sender.thread_key).order_by("-pk")
    found = list(rows.select_related("department")[:SHOWN_BY_STATUS])
    talk.say(command, "status", {"appeals": found})


def _judgement(pressed: IncomingJudgement) -> Appeal | None:
    """A button under an answer; «partly» and «not solved» are asked for the reason first."""
    reply = Reply.objects.filter(pk=pressed.reply_id, sent_at__isnull=False).select_related("appeal__applicant").first()
    if reply is None or reply.appeal.applicant.thread_key != pressed.sender.thread_key:
        return None
    appeal = reply.appeal
    with override(appeal.answer_language):
        if pressed.verdict != Verdict.SOLVED and not pressed.reason:
            markup = buttons.reason_buttons(reply.pk, pressed.verdict)
            talk.say(pressed, "ask_reason", {"number": appeal.number}, markup=markup)
        else:
            _judge(pressed, reply)
    return appeal


def _judge(pressed: IncomingJudgement, reply: Reply) -> None:
    reasons = (pressed.reason,) if pressed.reason else ()
    judgement = feedback.Judgement(verdict=Verdict(pressed.verdict), reasons=reasons)
    try:
        if feedback.answer_of(reply.appeal) != reply:
            raise Conflict(_("There is a later answer; judge that one."), code="later_answer")
        if pressed.is_dispute:
            feedback.dispute_answer(reply.appeal_id, judgement)
        else:
            feedback.give_feedback(reply.appeal_id, judgement)
    except DomainError as error:
        talk.say(pressed, "not_possible", {"why": str(error.message)})
        return
    if pressed.is_dispute:
        talk.say(pressed, "disputed", {"number": reply.appeal.number})
    elif pressed.verdict == Verdict.SOLVED:
        talk.say(pressed, "thanks", {"number": reply.appeal.number})
    else:
        markup = buttons.dispute_button(reply.pk, pressed.verdict, pressed.reason)
        talk.say(pressed, "sorry", {"number": reply.appeal.number}, markup=markup)
