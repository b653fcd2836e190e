"""The tree keeps its shape: sizes of files and functions, names, folders."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ("platform", "appeals", "petitions", "reports", "openapi", "clients", "tools", "bench", "tests")
LONGEST_FILE = 500
LONGEST_FUNCTION = 50
VAGUE_NAMES = {"utils.py", "helpers.py", "services.py", "managers.py", "misc.py", "util.py", "helper.py"}


def sources():
    found = [path for top in CODE for path in sorted((ROOT / top).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_there_is_something_to_look_at():
    assert len(sources()) > 50


def test_no_file_is_too_long():
    assert not names(path for path in sources() if len(path.read_text().splitlines()) > LONGEST_FILE)


def test_no_function_is_too_long():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources()
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def test_no_module_has_a_vague_name():
    assert not names(path for path in sources() if path.name in VAGUE_NAMES)


def test_every_module_says_what_it_is_for():
    written = [path for path in sources() if path.read_text().strip()]
    assert not names(path for path in written if not ast.get_docstring(ast.parse(path.read_text())))


def test_platform_is_a_folder_and_not_a_package():
    """A package of this name would hide the standard library's `platform`."""
    assert not names((ROOT / "platform").glob("*.py"))


def test_every_folder_of_tests_is_a_package():
    """Else tests/appeals would hide appeals."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert not names(folder for folder in folders if not (folder / "__init__.py").is_file())


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_for_later_without_an_owner(word):
    left = [path for path in sources() if path != Path(__file__) and word in path.read_text()]
    assert not names(left)


def test_the_environment_is_read_by_the_settings_only():
    tops = ("platform", "appeals", "petitions", "reports", "openapi")
    readers = [
        path
        for path in sources()
        if path.relative_to(ROOT).parts[0] in tops
        and (ROOT / "platform" / "config") not in path.parents
        and ("os.environ" in path.read_text() or "getenv" in path.read_text())
    ]
    assert not names(readers)


def test_no_text_to_translate_hides_in_a_formatted_string():
    """What collects the texts sees a formatted string as one piece: the text would stay English for everybody."""
    marks = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [call for call in ast.walk(node) if isinstance(call, ast.Call) and call.args]
                written = [call.func for call in calls if isinstance(call.args[0], ast.Constant)]
                hidden = {name.id for name in written if isinstance(name, ast.Name)} & marks
                assert not hidden, f"{path}:{node.lineno}"
