"""The reply gate: pure checks that recognise an answer which answers nothing, before it is sent.

A finding that blocks can be sent over only with a written ground; a warning is shown and no more.
Numbers of the gate come from a row (`GateParameters` here only says what they are before the row is read).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appeals import quality_lexicon as lexicon
from appeals.models.choices import Outcome, Regime
from appeals.quality_text import Answer, Fragment, subject_terms
from common.language import guess_language
from common.similarity import signature, signature_similarity

STATE_LANGUAGE = "kk"
POSITIVE = {Outcome.SATISFIED, Outcome.SATISFIED_PARTLY, Outcome.FIRST_CONTACT}
NEGATIVE = {Outcome.REFUSED, Outcome.LEFT_UNCONSIDERED, Outcome.TERMINATED, Outcome.NOT_DONE}


class Severity(StrEnum):
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True)
class GateParameters:
    """Numbers that the methodologist may change."""

    near_copy_share: float = 0.80
    shortest: int = 60
    own_language_share: float = 0.3
    shortest_guess: int = 40
    shortest_copy: int = 10


@dataclass(frozen=True)
class RecentReply:
    """An earlier answer of the same body; `key` is what a finding points to (the appeal's number)."""

    key: str
    text: str


@dataclass(frozen=True)
class ReplyDraft:
    """Everything the gate looks at."""

    text: str
    language: str
    appeal_language: str
    outcome: str
    regime: str = Regime.REQUEST
    appeal_text: str = ""
    topic_words: tuple[str, ...] = ()
    recent: tuple[RecentReply, ...] = ()
    measures: str = ""
    done_on: dt.date | None = None
    done_by: str = ""
    is_interim: bool = False
    body_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What is wrong, how much it matters, and where to look."""

    code: str
    severity: Severity
    message: str | Promise
    evidence: tuple[Fragment, ...] = ()
    pointer: str = ""
    share: float | None = None


@dataclass(frozen=True)
class _Case:
    """A draft with its text taken apart once for all checks."""

    draft: ReplyDraft
    parameters: GateParameters
    answer: Answer = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "answer", Answer(self.draft.text))

    @property
    def reports_something_done(self) -> bool:
        return self.answer.any("is_done") or bool(self.draft.measures.strip())

    @property
    def says_when(self) -> bool:
        return self.draft.done_on is not None or bool(lexicon.WHEN.search(self.answer.folded))

    @property
    def says_by_whom(self) -> bool:
        named = any(name and name.lower() in self.draft.text.lower() for name in self.draft.body_names)
        return bool(self.draft.done_by.strip()) or named or bool(lexicon.BY_WHOM.search(self.answer.folded))

    @property
    def mentions_subject(self) -> bool:
        subject = subject_terms(" ".join((self.draft.appeal_text, *self.draft.topic_words)))
        return not subject or bool(subject & subject_terms(self.draft.text))


Check = Callable[[_Case], Finding | None]


def check_reply(draft: ReplyDraft, parameters: GateParameters | None = None) -> list[Finding]:
    """Every finding of the gate, the blocking ones first."""
    case = _Case(draft, parameters or GateParameters())
    found = [finding for check in CHECKS if (finding := check(case)) is not None]
    return sorted(found, key=lambda finding: finding.severity != Severity.BLOCK)


def _too_short(case: _Case) -> Finding | None:
    """A short answer that still reports something specific about the subject is only pointed out."""
    if len(case.draft.text.strip()) >= case.parameters.shortest:
        return None
    specific = case.answer.any("says_something") and case.mentions_subject
    message = _("The answer is too short to say what was done, when and by whom.")
    return Finding("too_short", Severity.WARN if specific else Severity.BLOCK, message)


def _wrong_language(case: _Case) -> Finding | None:
    """The answer comes in the language of the appeal; an answer in two languages is in order.

    The law allows the state language always and promises English to nobody: there it is a warning only.
    """
    wanted, text = case.draft.appeal_language, case.draft.text
    if len(text) < case.parameters.shortest_guess or not wanted:
        return None
    parts = [part for part in text.split("\n") if part.strip()]
    own = sum(len(part) for part in parts if guess_language(part, wanted) == wanted)
    found = guess_language(text, wanted)
    if found == wanted or own >= case.parameters.own_language_share * len(text):
        return None
    severity = Severity.WARN if wanted == "en" or found == STATE_LANGUAGE else Severity.BLOCK
    return Finding("wrong_language", severity, _("The answer is not written in the language of the appeal."))


def _no_outcome(case: _Case) -> Finding | None:
    if case.draft.outcome or case.draft.is_interim:
        return None
    return Finding("no_outcome", Severity.BLOCK, _("Choose how the appeal ended."))


def _contradiction(case: _Case) -> Finding | None:
    """«Satisfied» over a refusal or over a mere promise, «refused» over a report of work done."""
    draft, answer = case.draft, case.answer
    if draft.is_interim:
        return None
    done, refused = case.reports_something_done, answer.any("is_refusal")
    if draft.outcome == Outcome.SATISFIED and refused and not done:
        message = _("The outcome says that the appeal is satisfied, the text refuses it.")
        return Finding("outcome_contradicts", Severity.BLOCK, message, answer.quotes("is_refusal"))
    if draft.outcome in {Outcome.REFUSED, Outcome.NOT_DONE} and done and not refused and not answer.any("is_reason"):
        message = _("The outcome says that nothing was done, the text reports work done.")
        return Finding("outcome_contradicts", Severity.BLOCK, message, answer.quotes("is_done"))
    return None


def _only_promise(case: _Case) -> Finding | None:
    """A promise is no solution: the appeal stays open, or the outcome is another one."""
    draft, answer = case.draft, case.answer
    if draft.is_interim or draft.outcome not in POSITIVE or case.reports_something_done:
        return None
    if not answer.any("is_promise") or answer.any("is_refusal"):
        return None
    message = _("The work is only promised. Answer when it is done, or extend the term and tell the applicant why.")
    return Finding("only_promise", Severity.BLOCK, message, answer.quotes("is_promise"))


def _receipt(case: _Case) -> Finding | None:
    """«Accepted», «registered», «sent on», «will be considered» and nothing else."""
    answer, draft = case.answer, case.draft
    if draft.is_interim or draft.measures.strip() or not answer.any("is_receipt"):
        return None
    if draft.outcome == Outcome.FORWARDED and case.says_by_whom:
        return None
    if answer.any("says_something"):
        return None
    message = _("The text only says that the appeal was received or passed on. Say what came of it.")
    return Finding("receipt", Severity.BLOCK, message, answer.quotes("is_receipt"))


def _nothing_concrete(case: _Case) -> Finding | None:
    """A positive answer says what was done in words that fit this appeal and not any other."""
    answer, draft = case.answer, case.draft
    if draft.is_interim or draft.outcome not in POSITIVE or draft.measures.strip():
        return None
    if not case.reports_something_done:
        if draft.outcome == Outcome.FIRST_CONTACT or answer.any("is_promise") or answer.any("is_refusal"):
            return None
        if answer.any("says_something") and draft.outcome != Outcome.SATISFIED:
            return None
        message = _("The answer does not say what was done.")
        severity = Severity.WARN if answer.any("says_something") else Severity.BLOCK
        return Finding("nothing_done", severity, message)
    if answer.any("says_something") or case.mentions_subject or (case.says_when and case.says_by_whom):
        return None
    message = _("“Solved” fits any appeal. Say what exactly was done here.")
    return Finding("only_generic", Severity.BLOCK, message, answer.quotes("is_generic"))


def _no_reason(case: _Case) -> Finding | None:
    if case.draft.is_interim or case.draft.outcome not in NEGATIVE or case.answer.any("is_reason"):
        return None
    severity = Severity.BLOCK if case.draft.regime == Regime.APPEAL else Severity.WARN
    return Finding("no_reason", severity, _("The refusal gives no reason."), case.answer.quotes("is_refusal"))


def _no_when(case: _Case) -> Finding | None:
    if case.draft.is_interim or case.draft.outcome not in POSITIVE or case.says_when:
        return None
    return Finding("no_when", Severity.WARN, _("The answer does not say when it was done."))


def _no_by_whom(case: _Case) -> Finding | None:
    if case.draft.is_interim or case.draft.outcome not in POSITIVE or case.says_by_whom:
        return None
    return Finding("no_by_whom", Severity.WARN, _("The answer does not say who did it."))


def _no_law(case: _Case) -> Finding | None:
    """A statutory answer rests on law; where everything asked for was granted, its absence is only pointed out."""
    if case.draft.regime != Regime.APPEAL or case.draft.is_interim or lexicon.LAW.search(case.answer.folded):
        return None
    severity = Severity.WARN if case.draft.outcome == Outcome.SATISFIED else Severity.BLOCK
    return Finding("no_law", severity, _("The answer to an appeal must name the law it rests on."))


def _no_right_to_complain(case: _Case) -> Finding | None:
    if case.draft.regime != Regime.APPEAL or case.draft.is_interim:
        return None
    if lexicon.RIGHT_TO_COMPLAIN.search(case.answer.folded):
        return None
    message = _("The answer to an appeal must explain the right to complain against it.")
    return Finding("no_right_to_complain", Severity.BLOCK, message)


@lru_cache(maxsize=4096)
def _signature(text: str) -> tuple[int, ...]:
    return signature(text)


def _near_copy(case: _Case) -> Finding | None:
    """The same letter again. It blocks where it does not even touch the subject of this appeal."""
    own = _signature(case.draft.text)
    if len(own) < case.parameters.shortest_copy:
        return None
    best, key = 0.0, ""
    for reply in case.draft.recent:
        share = signature_similarity(own, _signature(reply.text))
        if share > best:
            best, key = share, reply.key
    if best < case.parameters.near_copy_share:
        return None
    severity = Severity.WARN if case.mentions_subject else Severity.BLOCK
    message = _("The answer is nearly the same as an earlier one.")
    return Finding("near_copy", severity, message, pointer=key, share=round(best, 2))


def _off_topic(case: _Case) -> Finding | None:
    if case.mentions_subject or len(case.draft.text.strip()) < case.parameters.shortest:
        return None
    return Finding("off_topic", Severity.WARN, _("The answer does not mention anything the applicant wrote about."))


CHECKS: tuple[Check, ...] = (
    _no_outcome,
    _too_short,
    _wrong_language,
    _receipt,
    _only_promise,
    _contradiction,
    _nothing_concrete,
    _no_reason,
    _no_law,
    _no_right_to_complain,
    _near_copy,
    _no_when,
    _no_by_whom,
    _off_topic,
)
