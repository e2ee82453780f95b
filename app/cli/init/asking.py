"""Asking at the terminal: one question until its answer can be used, one part until its answers hold."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import typer

from app.cli.findings import show
from app.cli.init.questions import Answers, Question, needs_password, shown, with_password
from app.cli.terminal import out, tell
from app.domain.finding import Finding, Verdict
from app.errors import Invalid

Check = Callable[[Answers], Iterator[Finding]]
NONE = "-"
PASSWORD = "Its password (not shown; Enter: none)"


def ask_part(
    questions: Sequence[Question], answers: Answers, given: Iterable[str], check: Check | None, told: set[Finding]
) -> None:
    """Ask what is not `given`, look whether the answers hold, and ask all of it again until they do, or until they
    shall be taken all the same. `told` gathers what was shown."""
    settled = set(given)
    while True:
        for question in questions:
            if question.name not in settled and question.applies(answers):
                answers[question.name] = _ask(question, answers)
        if check is None or all_well(check(answers), told) or _take_all_the_same():
            return
        tell("Then once more; Enter takes the answer from before.")
        settled.clear()


def all_well(findings: Iterator[Finding], told: set[Finding]) -> bool:
    """Show each finding as it comes, but not twice what is no news; True if none of them is wrong."""
    well = True
    with out.status("Looking …") as waiting:
        for finding in findings:
            wrong = finding.verdict is Verdict.WRONG
            if wrong or finding not in told:
                waiting.stop()
                show(finding)
                waiting.start()
            told.add(finding)
            well = well and not wrong
    return well


def sure(question: str) -> bool:
    """A clear yes; Enter is no."""
    return typer.confirm(question, default=False)


def _take_all_the_same() -> bool:
    return sure("Something is wrong. Go on with these answers all the same?")


def _ask(question: Question, answers: Answers) -> str:
    before = answers.get(question.name, "") or question.proposal(answers)
    if question.hint:
        tell(question.hint, "dim")
    while True:
        typed = _typed(question, before)
        if not typed and before:
            return before
        if typed in ("", NONE):
            if question.empty:
                return ""
            tell("This needs an answer.", "red")
            continue
        try:
            return _read(question, typed)
        except Invalid as error:
            tell(error.message, "red")


def _typed(question: Question, before: str) -> str:
    enter = shown(question, before) if before else question.empty
    asks = f"{question.asks} [{enter}]" if enter else question.asks
    return str(typer.prompt(asks, default="", show_default=False, hide_input=question.hidden)).strip()


def _read(question: Question, typed: str) -> str:
    answer = question.read(typed)
    if not question.hidden and answer != typed:
        tell(f"→ {shown(question, answer)}", "cyan")
    if question.name == "database_url" and needs_password(answer):
        password = str(typer.prompt(PASSWORD, default="", show_default=False, hide_input=True))
        return with_password(answer, password) if password else answer
    return answer
