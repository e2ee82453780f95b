"""House rules that neither import-linter nor ruff can say: short files, a sentence on each module, one clock."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 300
MODULES = sorted(path for top in ("app", "connectors") for path in (ROOT / top).rglob("*.py"))
WITH_WORDS = [path for path in MODULES if path.read_text(encoding="utf-8").strip()]

CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}
MAY_ASK_THE_CLOCK = ("app/main.py", "app/demo.py", "connectors/")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]


def test_there_is_something_to_look_at() -> None:
    assert len(WITH_WORDS) > 100


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_file_stays_under_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST, "cut it by behaviour"


@pytest.mark.parametrize("path", WITH_WORDS, ids=name)
def test_a_module_opens_with_one_sentence_that_says_what_it_is_for(path: Path) -> None:
    words = ast.get_docstring(parsed(path)) or ""
    first = " ".join(words.partition("\n\n")[0].split())
    assert re.match(r"(?s)^([A-Z0-9`]|\w+\(\)).*[.?]( |$)", first), f"{name(path)} opens with {first[:80]!r}"


def test_only_the_top_asks_what_time_it_is() -> None:
    """Everything else is handed `now`, so that tests can move it."""
    asking = [
        f"{name(path)}:{call.lineno}"
        for path in MODULES
        if not name(path).startswith(MAY_ASK_THE_CLOCK)
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and (ast.unparse(call.func.value), call.func.attr) in CLOCKS
    ]
    assert asking == []


def test_nothing_sleeps_in_the_application() -> None:
    """A job that must wait says so (RetryAfter, a delay) and gives its thread back; see design decision 15."""
    sleeping = [
        f"{name(path)}:{call.lineno}"
        for path in MODULES
        if name(path).startswith("app/") and name(path) != "app/demo.py"
        for call in calls(path)
        if ast.unparse(call.func) in ("time.sleep", "sleep")
    ]
    assert sleeping == []


def test_nothing_is_printed_but_through_the_command_line() -> None:
    printing = [
        f"{name(path)}:{call.lineno}" for path in MODULES for call in calls(path) if ast.unparse(call.func) == "print"
    ]
    assert printing == []


def test_queries_never_commit_and_the_web_never_opens_a_session() -> None:
    committing = [
        f"{name(path)}:{call.lineno}"
        for path in MODULES
        if name(path).startswith("app/")
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]
    assert committing == []
    opening = [
        f"{name(path)}:{call.lineno}"
        for path in MODULES
        if name(path).startswith("app/web/") and name(path) not in ("app/web/health.py", "app/web/serve.py")
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("session", "reading")
    ]
    assert opening == []


# Public things of the services and the ports are what others build on: each says what it gives and raises.
SPOKEN_FOR = ("app/services/", "app/ports.py", "app/world.py", "app/errors.py")
PLAIN = {"quiet"}


def undocumented(path: Path) -> list[str]:
    return [
        f"{name(path)}:{node.lineno} {node.name}"
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and node.name not in PLAIN
        and not ast.get_docstring(node)
    ]


@pytest.mark.parametrize("path", [one for one in MODULES if name(one).startswith(SPOKEN_FOR)], ids=name)
def test_what_services_and_ports_offer_says_what_it_is(path: Path) -> None:
    assert undocumented(path) == []


def test_domain_functions_take_neither_a_world_nor_a_session() -> None:
    taking = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in MODULES
        if name(path).startswith("app/domain/")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and {argument.arg for argument in node.args.args} & {"world", "session"}
    ]
    assert taking == []


def test_names_are_from_the_trade() -> None:
    vague = re.compile(r"(Manager|Helper|Processor|Base|Impl|Utils?)$")
    found = [
        f"{name(path)}: {node.name}"
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and vague.search(node.name) and node.name != "Base"
    ]
    assert found == []
    assert [name(path) for path in MODULES if re.fullmatch("(utils?|helpers?|common|misc)", path.stem)] == []
