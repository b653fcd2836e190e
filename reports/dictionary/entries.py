"""The entries of the metric dictionary. Forwarded, late and not done are three different things and stay apart."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from reports.dictionary.metric import Basis, Kind, Metric, Tendency, Unit

_CODE_91 = _("Administrative Procedure Code, article 91")

_RECEIVED = (
    Metric(
        key="received",
        name=_("Appeals received"),
        definition=_("Appeals filed through any channel, each counted once on the day it was filed."),
        kind=Kind.COUNT, unit=Unit.APPEALS, basis=Basis.RECEIVED,
        numerator=("received",), numerator_words=_("appeals filed in the period"),
    ),
    Metric(
        key="repeated",
        name=_("Repeat appeals"),
        definition=_("Appeals linked as a repeat of an earlier one of the same applicant about the same matter."),
        kind=Kind.COUNT, unit=Unit.APPEALS, basis=Basis.RECEIVED, better=Tendency.LESS,
        numerator=("repeated",), numerator_words=_("appeals filed in the period that repeat an earlier one"),
    ),
    Metric(
        key="repeated_share",
        name=_("Share of repeat appeals"),
        definition=_("How many of the appeals received repeat an earlier one."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.RECEIVED, better=Tendency.LESS,
        numerator=("repeated",), numerator_words=_("appeals filed in the period that repeat an earlier one"),
        denominator=("received",), denominator_words=_("appeals filed in the period"),
    ),
    Metric(
        key="in_work",
        name=_("Appeals in work"),
        definition=_(
            "Appeals that have been received and have neither been answered nor left the hub in another way by the end "
            "of the period. A disputed appeal that was reopened counts as in work on all its days until it is dealt "
            "with again."
        ),
        kind=Kind.STOCK, unit=Unit.APPEALS, basis=Basis.STATE,
        numerator=("received",), subtracted=("done",),
        numerator_words=_("appeals received so far less those that left the work of the hub"),
    ),
)  # fmt: skip

_TERMS = (
    Metric(
        key="due",
        name=_("Terms that ended"),
        definition=_(
            "Appeals whose term for the first answer ended in the period. Terms of appeals that were forwarded, "
            "withdrawn or joined to another one before the term ended, and terms that stand still, are not among them. "
            "A term that ends today is counted as not kept only when the day is over."
        ),
        kind=Kind.COUNT, unit=Unit.TERMS, basis=Basis.TERM,
        numerator=("due",), numerator_words=_("terms that ended in the period"),
    ),
    Metric(
        key="kept",
        name=_("Answered on time"),
        definition=_(
            "Appeals that were answered for the first time, or closed on a ground that the law lists, not later than "
            "the term ended, extensions included."
        ),
        kind=Kind.COUNT, unit=Unit.TERMS, basis=Basis.TERM, better=Tendency.MORE,
        numerator=("kept",), numerator_words=_("terms that ended in the period and were kept"),
    ),
    Metric(
        key="kept_share",
        name=_("Terms kept"),
        definition=_("How many of the terms that ended were kept. Late and not done together make up the rest."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.TERM, better=Tendency.MORE,
        numerator=("kept",), numerator_words=_("terms that ended in the period and were kept"),
        denominator=("due",), denominator_words=_("terms that ended in the period"),
    ),
    Metric(
        key="late",
        name=_("Answered late"),
        definition=_("Appeals whose first answer came after the term had ended."),
        kind=Kind.COUNT, unit=Unit.TERMS, basis=Basis.TERM, better=Tendency.LESS,
        numerator=("late",), numerator_words=_("terms that ended in the period and whose answer came later"),
    ),
    Metric(
        key="late_share",
        name=_("Share answered late"),
        definition=_("How many of the terms that ended were followed by a late answer."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.TERM, better=Tendency.LESS,
        numerator=("late",), numerator_words=_("terms that ended in the period and whose answer came later"),
        denominator=("due",), denominator_words=_("terms that ended in the period"),
    ),
    Metric(
        key="not_done",
        name=_("Not done"),
        definition=_(
            "Appeals whose term ended in the period and that have no answer to this day; also those that were "
            "withdrawn, forwarded, merged or closed unanswered after it had ended."
        ),
        kind=Kind.COUNT, unit=Unit.TERMS, basis=Basis.TERM, better=Tendency.LESS,
        numerator=("not_done",), numerator_words=_("terms that ended in the period, no answer so far"),
    ),
    Metric(
        key="not_done_share",
        name=_("Share not done"),
        definition=_("How many of the terms that ended have no answer to this day."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.TERM, better=Tendency.LESS,
        numerator=("not_done",), numerator_words=_("terms that ended in the period, no answer so far"),
        denominator=("due",), denominator_words=_("terms that ended in the period"),
    ),
    Metric(
        key="overdue_now",
        name=_("Overdue and unanswered"),
        definition=_(
            "Appeals whose term had ended by the end of the period and that still wait for an answer to this day."
        ),
        kind=Kind.STOCK, unit=Unit.APPEALS, basis=Basis.STATE, better=Tendency.LESS,
        numerator=("not_done",), subtracted=("lapsed",),
        numerator_words=_("terms that have ended so far, of appeals that still wait for an answer"),
    ),
    Metric(
        key="deemed_refusals",
        name=_("Deemed refusals"),
        definition=_(
            "Statutory appeals whose term ended without an answer: the law counts that as a refusal, whether an answer "
            "came later or not."
        ),
        kind=Kind.COUNT, unit=Unit.TERMS, basis=Basis.TERM, better=Tendency.LESS, law=_CODE_91,
        numerator=("deemed_refusals",),
        numerator_words=_("terms of statutory appeals that ended in the period without an answer in time"),
    ),
    Metric(
        key="extended_share",
        name=_("Share of extended terms"),
        definition=_("How many of the terms that ended had been extended."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.TERM, better=Tendency.LESS,
        numerator=("extended",), numerator_words=_("terms that ended in the period and had been extended"),
        denominator=("due",), denominator_words=_("terms that ended in the period"),
    ),
)  # fmt: skip

_DONE = (
    Metric(
        key="done",
        name=_("Appeals dealt with"),
        definition=_(
            "Appeals that left the work of the hub: answered, forwarded, withdrawn, closed unanswered or joined to "
            "another appeal as its duplicate. One that was reopened counts when it leaves for the last time."
        ),
        kind=Kind.COUNT, unit=Unit.APPEALS, basis=Basis.DONE,
        numerator=("done",), numerator_words=_("appeals that left the work of the hub in the period"),
    ),
    Metric(
        key="forwarded",
        name=_("Forwarded to another body"),
        definition=_(
            "Appeals passed whole to the body that is competent for them. They are neither late nor done: that body "
            "answers them."
        ),
        kind=Kind.COUNT, unit=Unit.APPEALS, basis=Basis.DONE,
        numerator=("forwarded",), numerator_words=_("appeals forwarded in the period"),
        law=_("Administrative Procedure Code, article 65"),
    ),
    Metric(
        key="forwarded_share",
        name=_("Share forwarded"),
        definition=_("How many of the appeals that left the work of the hub went to another body."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.DONE,
        numerator=("forwarded",), numerator_words=_("appeals forwarded in the period"),
        denominator=("done",), denominator_words=_("appeals that left the work of the hub in the period"),
    ),
    Metric(
        key="withdrawn",
        name=_("Withdrawn by the applicant"),
        definition=_("Appeals that their authors took back before an answer."),
        kind=Kind.COUNT, unit=Unit.APPEALS, basis=Basis.DONE,
        numerator=("withdrawn",), numerator_words=_("appeals withdrawn in the period"),
    ),
    Metric(
        key="without_answer",
        name=_("Closed without an answer"),
        definition=_("Appeals left without consideration or terminated on a ground that the law lists."),
        kind=Kind.COUNT, unit=Unit.APPEALS, basis=Basis.DONE,
        numerator=("without_answer",), numerator_words=_("appeals closed without an answer in the period"),
    ),
    Metric(
        key="first_contact",
        name=_("Settled at first contact"),
        definition=_("Appeals that a consultation settled while the applicant was on the line or at the desk."),
        kind=Kind.COUNT, unit=Unit.APPEALS, basis=Basis.DONE, better=Tendency.MORE,
        numerator=("first_contact",), numerator_words=_("appeals settled at first contact in the period"),
    ),
    Metric(
        key="first_contact_share",
        name=_("Share settled at first contact"),
        definition=_("How many of the appeals dealt with were settled at first contact."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.DONE, better=Tendency.MORE,
        numerator=("first_contact",), numerator_words=_("appeals settled at first contact in the period"),
        denominator=("done",), denominator_words=_("appeals that left the work of the hub in the period"),
    ),
)  # fmt: skip

_ANSWERS = (
    Metric(
        key="answered",
        name=_("Answers given"),
        definition=_("Final answers, consultations at first contact and answers of second looks among them."),
        kind=Kind.COUNT, unit=Unit.ANSWERS, basis=Basis.ANSWERED,
        numerator=("answered",), numerator_words=_("final answers given in the period"),
    ),
    Metric(
        key="answer_days_median",
        name=_("Median time to the answer"),
        definition=_(
            "Half of the answers took no longer than this many calendar days from the filing, or from the reopening "
            "for a second look (nearest rank)."
        ),
        kind=Kind.PERCENTILE, share=50, unit=Unit.DAYS, basis=Basis.ANSWERED, better=Tendency.LESS,
        numerator=("answered",), numerator_words=_("final answers given in the period"),
    ),
    Metric(
        key="answer_days_p90",
        name=_("Time within which nine answers of ten come"),
        definition=_(
            "Nine answers of ten took no longer than this many calendar days from the filing, or from the reopening "
            "for a second look (nearest rank)."
        ),
        kind=Kind.PERCENTILE, share=90, unit=Unit.DAYS, basis=Basis.ANSWERED, better=Tendency.LESS,
        numerator=("answered",), numerator_words=_("final answers given in the period"),
    ),
    Metric(
        key="formal",
        name=_("Formal replies"),
        definition=_(
            "Answers that went out although the reply gate found nothing specific in them: only a promise, a receipt, "
            "general words, too few words, or a near copy of other answers."
        ),
        kind=Kind.COUNT, unit=Unit.ANSWERS, basis=Basis.ANSWERED, better=Tendency.LESS,
        numerator=("formal",), numerator_words=_("formal answers given in the period"),
    ),
    Metric(
        key="formal_share",
        name=_("Share of formal replies"),
        definition=_("How many of the answers that the reply gate looked at were formal."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.LESS,
        numerator=("formal",), numerator_words=_("formal answers given in the period"),
        denominator=("checked",), denominator_words=_("answers given in the period that the reply gate looked at"),
    ),
)  # fmt: skip

_JUDGED = (
    Metric(
        key="disputed",
        name=_("Disputed answers"),
        definition=_("Answers that the applicant disputed, so that another unit had to look at the matter again."),
        kind=Kind.COUNT, unit=Unit.ANSWERS, basis=Basis.ANSWERED, better=Tendency.LESS,
        numerator=("disputed",), numerator_words=_("answers given in the period that were disputed so far"),
    ),
    Metric(
        key="disputed_share",
        name=_("Disputed closures"),
        definition=_(
            "How many of the answers given in the period were disputed so far. It is the headline figure: a closure "
            "counts when the applicant accepts it."
        ),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.LESS,
        numerator=("disputed",), numerator_words=_("answers given in the period that were disputed so far"),
        denominator=("answered",), denominator_words=_("final answers given in the period"),
    ),
    Metric(
        key="judged_share",
        name=_("Answers judged by the applicant"),
        definition=_("How many of the answers given in the period the applicant has judged so far."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.MORE,
        numerator=("judged",), numerator_words=_("answers given in the period that were judged so far"),
        denominator=("answered",), denominator_words=_("final answers given in the period"),
    ),
    Metric(
        key="solved",
        name=_("Solved, says the applicant"),
        definition=_("Answers of which the applicant says that they solved the matter."),
        kind=Kind.COUNT, unit=Unit.ANSWERS, basis=Basis.ANSWERED, better=Tendency.MORE,
        numerator=("solved",), numerator_words=_("answers given in the period that were judged as solved"),
    ),
    Metric(
        key="solved_share",
        name=_("Satisfaction"),
        definition=_("How many of the answers judged by their applicants solved the matter. Silence is no judgement."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.MORE,
        numerator=("solved",), numerator_words=_("answers given in the period that were judged as solved"),
        denominator=("judged",), denominator_words=_("answers given in the period that were judged so far"),
    ),
    Metric(
        key="partly_share",
        name=_("Share partly solved"),
        definition=_("How many of the answers judged by their applicants solved the matter only in part."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED,
        numerator=("partly",), numerator_words=_("answers given in the period that were judged as partly solved"),
        denominator=("judged",), denominator_words=_("answers given in the period that were judged so far"),
    ),
    Metric(
        key="not_solved_share",
        name=_("Share not solved"),
        definition=_("How many of the answers judged by their applicants did not solve the matter."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.LESS,
        numerator=("not_solved",), numerator_words=_("answers given in the period that were judged as not solved"),
        denominator=("judged",), denominator_words=_("answers given in the period that were judged so far"),
    ),
    Metric(
        key="mended",
        name=_("Mended because people asked"),
        definition=_(
            "Answers of which the applicant says that they solved the matter, and answers that granted what was asked "
            "and that nobody contests. Disputed answers, and formal replies that the applicant has not judged, are "
            "not among them."
        ),
        kind=Kind.COUNT, unit=Unit.ANSWERS, basis=Basis.ANSWERED, better=Tendency.MORE,
        numerator=("mended",), numerator_words=_("answers given in the period that mended the matter"),
    ),
    Metric(
        key="mended_share",
        name=_("Share mended"),
        definition=_("How many of the answers given in the period mended what people asked about."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.MORE,
        numerator=("mended",), numerator_words=_("answers given in the period that mended the matter"),
        denominator=("answered",), denominator_words=_("final answers given in the period"),
    ),
    Metric(
        key="rating_mean",
        name=_("Mean rating"),
        definition=_("Mean of the ratings from 1 to 5 that applicants gave to answers."),
        kind=Kind.MEAN, unit=Unit.POINTS, basis=Basis.ANSWERED, better=Tendency.MORE,
        numerator=("rating_sum",), numerator_words=_("sum of the ratings of answers given in the period"),
        denominator=("rated",), denominator_words=_("answers given in the period that were rated so far"),
    ),
)  # fmt: skip

_DISPUTED = (
    Metric(
        key="dispute_incomplete_share",
        name=_("Disputed as incomplete"),
        definition=_("How many of the disputed answers the applicant called incomplete. Several reasons may be named."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.NEITHER,
        numerator=("disputed_incomplete",), numerator_words=_("disputed answers that were called incomplete"),
        denominator=("disputed",), denominator_words=_("answers given in the period that were disputed so far"),
    ),
    Metric(
        key="dispute_not_specific_share",
        name=_("Disputed as not specific"),
        definition=_(
            "How many of the disputed answers say nothing specific, says the applicant. Several "
            "reasons may be named."
        ),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.NEITHER,
        numerator=("disputed_not_specific",), numerator_words=_("disputed answers that were called not specific"),
        denominator=("disputed",), denominator_words=_("answers given in the period that were disputed so far"),
    ),
    Metric(
        key="dispute_late_share",
        name=_("Disputed as late"),
        definition=_("How many of the disputed answers the applicant called late. Several reasons may be named."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.NEITHER,
        numerator=("disputed_late",), numerator_words=_("disputed answers that were called late"),
        denominator=("disputed",), denominator_words=_("answers given in the period that were disputed so far"),
    ),
    Metric(
        key="dispute_other_share",
        name=_("Disputed for another reason"),
        definition=_(
            "How many of the disputed answers were disputed for a reason that is not in the list. "
            "Several may be named."
        ),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.NEITHER,
        numerator=("disputed_other",), numerator_words=_("disputed answers with a reason that is not in the list"),
        denominator=("disputed",), denominator_words=_("answers given in the period that were disputed so far"),
    ),
    Metric(
        key="dispute_unnamed_share",
        name=_("Disputed in own words alone"),
        definition=_("How many of the disputed answers were disputed by a line of text, without a reason of the list."),
        kind=Kind.SHARE, unit=Unit.PERCENT, basis=Basis.ANSWERED, better=Tendency.NEITHER,
        numerator=("disputed_unnamed",), numerator_words=_("disputed answers of which no reason of the list was named"),
        denominator=("disputed",), denominator_words=_("answers given in the period that were disputed so far"),
    ),
)  # fmt: skip

METRICS: Mapping[str, Metric] = {
    entry.key: entry for entry in (*_RECEIVED, *_TERMS, *_DONE, *_ANSWERS, *_JUDGED, *_DISPUTED)
}  # fmt: skip
