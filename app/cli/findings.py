"""How a finding of the doctor is shown: what was looked at, what was found, and the cure."""

from rich.padding import Padding
from rich.text import Text

from app.cli.terminal import out
from app.domain.finding import Finding, Verdict

SIGNS = {Verdict.FINE: ("✓", "green"), Verdict.LOOK: ("!", "yellow"), Verdict.WRONG: ("✗", "red")}
INDENT = 4


def show(finding: Finding) -> None:
    """One line, and beneath it what to do about it; wrapped between words on a terminal, and nowhere else."""
    sign, style = SIGNS[finding.verdict]
    _print(Text.assemble((f"{sign} {finding.point}: ", style), finding.said), 0)
    if finding.cure:
        _print(Text(finding.cure), INDENT)


def _print(text: Text, indent: int) -> None:
    if out.is_terminal:
        out.print(Padding(text, (0, 0, 0, indent), expand=False), highlight=False)
    else:
        out.print(Text(" " * indent) + text, highlight=False, soft_wrap=True)
