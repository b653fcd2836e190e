"""The interface is complete in three languages, and the tool that keeps it so works."""

import gettext
from pathlib import Path

import pytest

from tools import message_catalog as catalogs
from tools import messages
from tools.message_checks import text_problems
from tools.message_sources import Key, Source, extract_messages
from tools.template_literals import template_literals

DAYS = Key("%(count)s day left")
SOURCES = {
    Key("Send the appeal"): Source(files={"appeals/forms.py"}),
    Key("Close", "door"): Source(files={"templates/ui/door.html"}),
    DAYS: Source(plural="%(count)s days left", files={"appeals/views/staff.py"}),
}
ROWS = [
    {"id": "Send the appeal", "plural": "", "context": "", "kk": "Өтінішті жіберу", "ru": "Отправить обращение"},
    {"id": "Close", "plural": "", "context": "door", "kk": "Жабу", "ru": "Закрыть"},
    {
        "id": DAYS.id,
        "plural": "%(count)s days left",
        "context": "",
        "kk": ["%(count)s күн қалды", "%(count)s күн қалды"],
        "ru": ["остался %(count)s день", "осталось %(count)s дня", "осталось %(count)s дней"],
    },
]


def test_every_string_of_the_interface_is_translated() -> None:
    problems = messages.check()

    assert not problems, "\n".join(["tools/messages.py missing | add will mend these:", *problems[:60]])


def write_template(folder: Path, text: str) -> Path:
    path = folder / "templates" / "page.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_templates_yield_messages_with_context_plural_and_filter_arguments(tmp_path: Path) -> None:
    path = write_template(
        tmp_path,
        "    {% if a %}\n{% translate 'Close' context 'door' %}\n  {% endif %}\n"
        "{% blocktranslate trimmed count n=days %}\n  {{ n }} day's term\n{% plural %}\n {{ n }} days'\n term\n"
        "{% endblocktranslate %} it's {{ name|default:_('Nobody yet') }}\n",
    )

    found = extract_messages([path], root=tmp_path)

    assert {key: source.plural for key, source in found.items()} == {
        Key("Close", "door"): "",
        Key("%(n)s day's term"): "%(n)s days' term",
        Key("Nobody yet"): "",
    }


def test_python_yields_lazy_and_plural_messages(tmp_path: Path) -> None:
    path = tmp_path / "forms.py"
    path.write_text('a = gettext_lazy("One")\nb = ngettext("%d day", "%d days", n)\nc = _(f"{a}")\n', encoding="utf-8")

    found = extract_messages([path], root=tmp_path)

    assert {key.id: source.plural for key, source in found.items()} == {"One": "", "%d day": "%d days"}
    assert found[Key("One")].files == {"forms.py"}


@pytest.mark.parametrize(
    ("template", "literals"),
    [
        ("<p>Plain words</p>", ["Plain words"]),
        ("<p>{% translate 'Plain words' %}</p>", []),
        ("<p>{{ number }} — 12:30 · №</p>", []),
        ("{% blocktranslate %}Plain <b>words</b>{% endblocktranslate %}{# a note #}", []),
        ('<img alt="A tree" src="x.png"><img alt="{{ name }}">', ['alt="A tree"']),
        ('<input type="submit" value="Send"><input type="text" value="kk">', ['value="Send"']),
        ("<style>b { color: red }</style><code>make run</code>", []),
        ('<b translate="no">Name <i>of firm</i></b><p>after</p>', ["after"]),
        ("<b>Halyq Uni</b> <a>Қазақша</a>", []),
        ("<p>/status — {{ text }}</p>", []),
        ("{% include 'ui/a.html' with title='Sent' id='sent' %}", ["Sent"]),
        ("{% include 'ui/a.html' with title=_('Sent') %}", []),
        ("{{ name|default:'not set' }}{{ name|default:'kk' }}", ["not set"]),
        ("{% if kind == 'шағым' %}{% endif %}", ["шағым"]),
        ('<p {% if a %}title="Open"{% endif %}>', ['title="Open"']),
    ],
)
def test_template_literals_are_found(tmp_path: Path, template: str, literals: list[str]) -> None:
    found = template_literals(write_template(tmp_path, template))

    assert [text for _line, text in found] == literals


def test_a_literal_is_reported_with_its_line(tmp_path: Path) -> None:
    path = write_template(tmp_path, "{% comment %}\nnote\n{% endcomment %}\n<p>\n {{ a }}\n Words here</p>")

    assert [line for line, _text in template_literals(path)] == [5]


def test_added_translations_are_read_by_gettext_with_their_plurals(tmp_path: Path) -> None:
    assert messages.add(ROWS, SOURCES, tmp_path) == []
    assert catalogs.compile_catalogs(tmp_path) == ["kk", "ru", "en"]

    russian = gettext.translation("django", tmp_path, ["ru"])
    kazakh = gettext.translation("django", tmp_path, ["kk"])
    english = gettext.translation("django", tmp_path, ["en"])

    forms = [russian.ngettext(DAYS.id, "%(count)s days left", n) % {"count": n} for n in (1, 3, 5, 11, 21, 22)]
    assert forms == [
        *("остался 1 день", "осталось 3 дня", "осталось 5 дней"),
        *("осталось 11 дней", "остался 21 день", "осталось 22 дня"),
    ]
    assert kazakh.ngettext(DAYS.id, "%(count)s days left", 5) == "%(count)s күн қалды"
    assert kazakh.pgettext("door", "Close") == "Жабу"
    assert english.gettext("Send the appeal") == "Send the appeal"


def test_nothing_is_compiled_twice_and_writing_again_changes_no_byte(tmp_path: Path) -> None:
    messages.add(ROWS, SOURCES, tmp_path)
    catalogs.compile_catalogs(tmp_path)
    before = catalogs.po_path("kk", tmp_path).read_bytes()

    messages.add(ROWS, SOURCES, tmp_path)

    assert catalogs.po_path("kk", tmp_path).read_bytes() == before
    assert catalogs.compile_catalogs(tmp_path) == []
    assert b"POT-Creation-Date" not in before


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"id": "Send", "kk": "Жіберу", "ru": "Отправить"}, "not used by the sources"),
        ({**ROWS[2], "ru": ["%(count)s день", "%(count)s дня"]}, "needs 3 filled form(s)"),
        ({**ROWS[2], "kk": ["%(count)s күн", "%(days)s күн"]}, "placeholders differ"),
        ({**ROWS[0], "ru": "Отпpавить обращение"}, "Latin letter in Cyrillic text"),
        ({**ROWS[0], "ru": "Send the appeal"}, "not translated"),
        ({**ROWS[0], "ru": "Өтінішті жіберу"}, "Kazakh letter in Russian text"),
    ],
)
def test_a_wrong_translation_is_refused_and_the_good_ones_are_kept(tmp_path: Path, row: dict, problem: str) -> None:
    problems = messages.add([row, ROWS[1]], SOURCES, tmp_path)

    assert problems
    assert all(problem in text for text in problems)
    assert Key("Close", "door") in catalogs.entries(catalogs.load("ru", tmp_path))


def test_missing_lists_only_what_is_not_filled(tmp_path: Path) -> None:
    page = write_template(tmp_path, "{% translate 'Send the appeal' %}{% translate 'Track' %}")
    messages.add(ROWS, SOURCES, tmp_path)

    rows = messages.missing([page], tmp_path)

    assert rows == [{"id": "Track", "plural": "", "context": "", "kk": "", "ru": ""}]


@pytest.mark.parametrize(
    ("text", "language", "is_good"),
    [
        ("PDF-файл e-mail арқылы %(name)s", "kk", True),
        ("Cіздің өтінішіңіз", "kk", False),
        ("вы c нами", "ru", False),
        ("е-Өтініш порталы", "ru", True),
        ("<strong>Номер</strong>&nbsp;обращения", "ru", True),
    ],
)
def test_letters_of_the_wrong_alphabet(text: str, language: str, is_good: bool) -> None:
    assert (list(text_problems(text, language)) == []) is is_good
