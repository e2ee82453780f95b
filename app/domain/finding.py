"""What an examination of the installation found at one point: fine, worth a look, or wrong, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    FINE = "fine"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """`point` names what was looked at in a few words, `said` what was found in one sentence, `cure` what to do about
    it (empty where all is fine). All of it is meant for an admin, and holds no secret."""

    point: str
    verdict: Verdict
    said: str
    cure: str = ""
