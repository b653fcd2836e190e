"""The reply gate: formal answers are stopped with the reason, good ones pass. All texts are invented."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.models.choices import Outcome, Regime
from appeals.quality import Finding, GateParameters, RecentReply, ReplyDraft, Severity, check_reply
from appeals.quality_text import Answer

APPEALS = {
    "kk": "Біздің көшеде екі күннен бері су жоқ, құбыр жарылған. Көмектесіңіздер.",
    "ru": "На нашей улице второй день нет воды, прорвало трубу. Помогите.",
    "en": "There has been no water in our street for two days, the pipe has burst. Please help.",
}
GOOD = {
    "kk": [
        "Құрметті Айгүл! 21 қарашада «Түркістан-Су» кәсіпорнының бригадасы Тәуке хан көшесіндегі жарылған құбырды "
        "ауыстырды, су сағат 18:00-де қосылды.",
        "Өтінішіңіз бойынша құбыр жөнделіп, су беру қалпына келтірілді. Жұмысты коммуналдық шаруашылық бөлімі "
        "2026 жылғы 20 қарашада жүргізді.",
        "Көшеңіздегі су құбыры бүгін ауыстырылды, су қосылды. Жауапты: тұрғын үй-коммуналдық шаруашылық бөлімі.",
    ],
    "ru": [
        "Уважаемая Айгуль! 21 ноября бригада водоканала заменила прорванную трубу на улице Тауке хана, "
        "вода подана в 18:00.",
        "Аварийная служба устранила порыв трубы 20.11.2026, водоснабжение восстановлено в полном объёме.",
        "Труба по Вашему адресу отремонтирована вчера силами отдела коммунального хозяйства, вода есть во всех домах.",
    ],
    "en": [
        "On 21 November the water utility replaced the burst pipe in your street; water was restored at 18:00.",
        "The pipe was repaired yesterday by the contractor of the utilities department and the water is back.",
    ],
}
RECEIPTS = {
    "kk": [
        "Құрметті тұрғын! Сіздің өтінішіңіз қабылданды және жауапты мекемеге жолданды.",
        "Өтінішіңіз қаралуда, тиісті шаралар қабылданады. Хабарласқаныңызға рахмет, құрметпен әкімдік.",
        "Өтінішіңіз тіркелді. Өтінішіңіз бақылауға алынды, қосымша хабарланатын болады.",
        "Сіздің 1234 нөмірлі өтініміңіз орындауға жіберілді. Құрметпен, байланыс орталығы.",
    ],
    "ru": [
        "Уважаемый житель! Ваше обращение принято и направлено в ответственное учреждение.",
        "Ваше обращение зарегистрировано под номером 1234 и находится на рассмотрении. Благодарим за обращение.",
        "Ваша заявка взята на контроль. Информация передана в соответствующую службу для принятия мер.",
        "Обращение будет рассмотрено в установленном порядке. С уважением, акимат города.",
    ],
    "en": [
        "Dear resident, your appeal has been accepted and forwarded to the responsible body.",
        "Thank you for your message. Your request is being considered by the department in charge.",
    ],
}
PROMISES = {
    "kk": "Көшеңіздегі су құбырын ауыстыру жұмыстары желтоқсан айының соңына дейін жүргізіледі, бөлім бақылап отыр.",
    "ru": "Замена трубы на Вашей улице запланирована, работы будут выполнены подрядчиком до конца декабря 2026 года.",
    "en": "The replacement of the pipe in your street is planned and will be completed by the end of December.",
}
GENERIC = {
    "kk": "Құрметті тұрғын! Мәселе шешілді. Өтініш бойынша жұмыс толық атқарылды. Рахмет!",
    "ru": "Уважаемый житель! Проблема устранена. Приложение: фотография. С уважением, исполняющий.",
    "en": "Dear resident, good afternoon. The problem has been resolved. Best regards and good wishes.",
}
REFUSALS = {
    "kk": "Су құбырын биыл ауыстыру мүмкін емес, себебі бюджетте қаражат қаралмаған; бөлім келесі жылға өтінім берді.",
    "ru": "Заменить трубу в этом году не представляется возможным, так как средства в бюджете не заложены.",
    "en": "The pipe cannot be replaced this year because the budget holds no money for it, as the department found.",
}
STATUTORY_END = {
    "kk": " Жауап ӘРПК-нің 76-бабына сәйкес берілді. Келіспеген жағдайда 91-бап бойынша шағымдануға құқылысыз.",
    "ru": " Ответ дан в соответствии со статьёй 76 АППК. При несогласии Вы вправе обжаловать его по статье 91 АППК.",
    "en": " The answer rests on article 76 of the Code. You have the right to appeal against it under article 91.",
}
LANGUAGES = ["kk", "ru", "en"]


def draft(text: str, language: str = "ru", **more: object) -> ReplyDraft:
    fields = {
        "language": language,
        "appeal_language": language,
        "outcome": Outcome.SATISFIED,
        "appeal_text": APPEALS[language],
    }
    return ReplyDraft(text=text, **(fields | more))  # type: ignore[arg-type]


def codes(findings: list[Finding], severity: Severity | None = None) -> set[str]:
    return {finding.code for finding in findings if severity is None or finding.severity == severity}


def blocking(reply: ReplyDraft, parameters: GateParameters | None = None) -> set[str]:
    return codes(check_reply(reply, parameters), Severity.BLOCK)


@pytest.mark.parametrize(("language", "text"), [(key, text) for key, texts in GOOD.items() for text in texts])
def test_an_answer_that_says_what_when_and_by_whom_passes(language: str, text: str) -> None:
    assert check_reply(draft(text, language)) == []


@pytest.mark.parametrize(("language", "text"), [(key, text) for key, texts in RECEIPTS.items() for text in texts])
def test_a_phrase_of_receipt_is_stopped_and_quoted(language: str, text: str) -> None:
    for outcome in (Outcome.SATISFIED, Outcome.EXPLAINED):
        found = check_reply(draft(text, language, outcome=outcome))
        receipt = next(finding for finding in found if finding.code == "receipt")

        assert receipt.severity == Severity.BLOCK
        assert receipt.evidence
        assert all(text[piece.start : piece.end] == piece.text for piece in receipt.evidence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_beside_a_report_is_no_fault(language: str) -> None:
    text = f"{RECEIPTS[language][0]}\n{GOOD[language][0]}"

    assert blocking(draft(text, language)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_is_no_solution(language: str) -> None:
    assert "only_promise" in blocking(draft(PROMISES[language], language))
    assert blocking(draft(PROMISES[language], language, is_interim=True)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_solved_in_words_that_fit_any_appeal_is_stopped(language: str) -> None:
    assert "only_generic" in blocking(draft(GENERIC[language], language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_done_may_stand_in_its_own_fields(language: str) -> None:
    reply = draft(
        GENERIC[language], language, measures="Құбыр ауыстырылды", done_on=dt.date(2026, 11, 21), done_by="Түркістан-Су"
    )

    assert check_reply(reply) == [] or codes(check_reply(reply)) == {"off_topic"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_satisfied_over_a_refusal_is_a_contradiction(language: str) -> None:
    assert "outcome_contradicts" in blocking(draft(REFUSALS[language], language))
    assert blocking(draft(REFUSALS[language], language, outcome=Outcome.REFUSED)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_refused_over_a_report_of_work_is_a_contradiction(language: str) -> None:
    assert "outcome_contradicts" in blocking(draft(GOOD[language][0], language, outcome=Outcome.REFUSED))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("kk", "Өтінішіңізді қанағаттандырудан бас тартылды. Құрметпен, қалалық бөлім басшысы және бөлім мамандары."),
        ("ru", "В удовлетворении Вашей просьбы о замене трубы отказано. С уважением, руководитель городского отдела."),
    ],
)
def test_a_refusal_needs_a_reason(language: str, text: str) -> None:
    reply = draft(text, language, outcome=Outcome.REFUSED)
    statutory = draft(text, language, outcome=Outcome.REFUSED, regime=Regime.APPEAL)

    assert "no_reason" in codes(check_reply(reply), Severity.WARN)
    assert "no_reason" in blocking(statutory)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statutory_answer_names_law_and_the_right_to_complain(language: str) -> None:
    bare = draft(REFUSALS[language], language, outcome=Outcome.REFUSED, regime=Regime.APPEAL)
    full = draft(REFUSALS[language] + STATUTORY_END[language], language, outcome=Outcome.REFUSED, regime=Regime.APPEAL)

    assert {"no_law", "no_right_to_complain"} <= blocking(bare)
    assert blocking(full) == set()


def test_where_all_was_granted_the_law_is_only_pointed_out() -> None:
    found = check_reply(draft(GOOD["ru"][0], regime=Regime.APPEAL))

    assert "no_law" in codes(found, Severity.WARN)
    assert "no_right_to_complain" in codes(found, Severity.BLOCK)


@pytest.mark.parametrize(
    ("appeal_language", "text", "severity"),
    [
        ("kk", GOOD["ru"][0], Severity.BLOCK),
        ("ru", GOOD["en"][0], Severity.BLOCK),
        ("ru", GOOD["kk"][0], Severity.WARN),
        ("en", GOOD["ru"][0], Severity.WARN),
        ("kk", GOOD["kk"][0] + "\n\n" + GOOD["ru"][0], None),
        ("ru", GOOD["kk"][0] + "\n\n" + GOOD["ru"][0], None),
        ("ru", "Айгүл Өмірзақова, " + GOOD["ru"][0], None),
    ],
)
def test_language_of_the_answer(appeal_language: str, text: str, severity: Severity | None) -> None:
    found = {finding.code: finding.severity for finding in check_reply(draft(text, appeal_language=appeal_language))}

    assert found.get("wrong_language") == severity


def test_the_outcome_must_be_chosen() -> None:
    assert "no_outcome" in blocking(draft(GOOD["ru"][0], outcome=""))
    assert "no_outcome" not in blocking(draft(GOOD["ru"][0], outcome="", is_interim=True))


@pytest.mark.parametrize(
    ("text", "severity"),
    [("Решено.", Severity.BLOCK), ("", Severity.BLOCK), ("Труба заменена, вода подана.", Severity.WARN)],
)
def test_a_short_answer_passes_only_if_it_says_something_on_the_subject(text: str, severity: Severity) -> None:
    found = {finding.code: finding.severity for finding in check_reply(draft(text))}

    assert found["too_short"] == severity


def test_missing_time_and_body_are_warnings() -> None:
    found = check_reply(draft("Прорванная труба на Вашей улице заменена, подача воды жителям полностью восстановлена."))

    assert codes(found, Severity.WARN) == {"no_when", "no_by_whom"}
    assert codes(found, Severity.BLOCK) == set()


def test_the_body_may_be_known_by_its_own_name() -> None:
    text = "21.11.2026 «Арай» заменило прорванную трубу на Вашей улице, подача воды восстановлена полностью."

    assert "no_by_whom" in codes(check_reply(draft(text)))
    assert "no_by_whom" not in codes(check_reply(draft(text, body_names=("Арай",))))


@pytest.mark.parametrize(
    "text",
    [
        "Работы по замене трубы не выполнены.",
        "Труба будет заменена.",
        "Адрес включён в план ремонта на 2027 год.",
        "Установлено, что труба находится на балансе собственника.",
        "Проведено обследование участка.",
        "Құбыр ауыстырылған жоқ.",
        "Құбыр келесі жылы ауыстырылады.",
        "Құбыр жөндеу жоспарына енгізілді.",
        "The pipe will be replaced.",
    ],
)
def test_denied_planned_and_looked_at_is_not_done(text: str) -> None:
    assert not Answer(text).any("is_done")


@pytest.mark.parametrize(
    "text",
    [
        "Труба заменена.",
        "Мы отремонтировали кровлю.",
        "Мусор вывезен, площадка очищена.",
        "Құбыр ауыстырылды.",
        "Көше жарығы қалпына келтірілді.",
        "Қоқыс шығарылды, аула тазаланды.",
        "Жәрдемақы тағайындалды.",
        "The lamp was replaced.",
        "Our crew repaired the road.",
    ],
)
def test_done_is_recognised(text: str) -> None:
    assert Answer(text).any("is_done")


def test_a_near_copy_points_to_the_earlier_answer() -> None:
    earlier = RecentReply("TRK-26-0000001-0", GOOD["ru"][0].replace("21 ноября", "3 октября"))
    other = RecentReply("TRK-26-0000002-0", GOOD["ru"][2])
    found = [item for item in check_reply(draft(GOOD["ru"][0], recent=(other, earlier))) if item.code == "near_copy"]

    assert [(item.pointer, item.severity) for item in found] == [(earlier.key, Severity.WARN)]
    assert found[0].share is not None
    assert found[0].share >= 0.8


def test_a_near_copy_beside_the_subject_is_stopped() -> None:
    text = (
        "Жұмыстар кестеге сай толық көлемде атқарылып, аумақ тиісті санитарлық жағдайға келтірілді деп хабарлаймыз, "
        "рахмет."
    )
    reply = draft(text, "kk", recent=(RecentReply("1", text),))

    assert "near_copy" in blocking(reply)
    assert "near_copy" not in codes(check_reply(reply, GateParameters(near_copy_share=1.01)))


def test_short_thanks_are_no_near_copy() -> None:
    text = "Алғысыңыз бригадаға жеткізілді."

    assert "near_copy" not in codes(check_reply(draft(text, "kk", recent=(RecentReply("1", text),))))


def test_an_answer_on_something_else_is_pointed_out() -> None:
    text = "21 ноября отдел благоустройства подрезал деревья в сквере и вывез ветки на полигон, сквер открыт."

    assert "off_topic" in codes(check_reply(draft(text)), Severity.WARN)
    assert "off_topic" not in codes(check_reply(draft(text, topic_words=("деревья", "сквер"))))


def test_passing_on_is_an_answer_when_that_is_the_outcome() -> None:
    text = "Ваше обращение направлено в отдел земельных отношений города Туркестана, ответ даст этот отдел по трубе."

    assert blocking(draft(text, outcome=Outcome.FORWARDED)) == set()


def test_blocking_findings_come_first_and_have_messages() -> None:
    found = check_reply(draft("Обращение принято.", regime=Regime.APPEAL))
    severities = [finding.severity for finding in found]

    assert severities == sorted(severities, key=lambda severity: severity != Severity.BLOCK)
    assert all(str(finding.message) for finding in found)


def test_numbers_of_the_gate_are_parameters() -> None:
    text = "Труба заменена вчера бригадой, вода подана."

    assert "too_short" in codes(check_reply(draft(text)))
    assert "too_short" not in codes(check_reply(draft(text), GateParameters(shortest=20)))


@given(st.text(max_size=400), st.sampled_from([*Outcome, ""]), st.sampled_from(Regime), st.sampled_from(LANGUAGES))
def test_any_text_gets_a_verdict_with_true_quotes(text: str, outcome: str, regime: str, language: str) -> None:
    for finding in check_reply(draft(text, language, outcome=outcome, regime=regime)):
        assert all(text[piece.start : piece.end] == piece.text for piece in finding.evidence)
