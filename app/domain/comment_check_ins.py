"""What a command in a comment comes to: a check-in to record, a reason to refuse it, or nothing; and what is answered.

An answer may stand where everybody reads it: what is confidential or a private team's is not repeated there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.domain.facts import Facts, PageDefinition
from app.domain.lines import N_, Line, Quantity
from app.domain.model import CheckIn, CycleState, KeyResult, Measurement
from app.domain.numbers import one_decimal
from app.domain.okr_command import EXAMPLE, MOST_CONFIDENT, Command, NotUnderstood, Statement, statement
from app.domain.privacy import keeper_of, keeper_of_page
from app.domain.standing import KeyResultStanding, cycle_of, stand

BY_HAND = "manual"
Sentences = tuple[Line, ...]


@dataclass(frozen=True)
class Meant:
    """A check-in that may be recorded. `open`: what it says may be repeated where the comment stands."""

    key_result: KeyResult
    said: Statement
    open: bool


def people_of(facts: Facts, account_id: str) -> frozenset[str]:
    """Ids of the people with this account who own a key result; others' commands are not for us, nor are those of
    nobody (comments may be anonymous)."""
    if not account_id:
        return frozenset()
    owners = {one.owner_id for one in facts.key_results.values()}
    return frozenset(one.id for one in facts.people.values() if one.account_id == account_id and one.id in owners)


def meant(
    facts: Facts, page: PageDefinition, mine: Collection[str], confidential: Collection[str], command: Command
) -> Meant | None:
    """What people `mine` mean by a command below the page; None: the key result is somebody else's. `confidential` are
    the metrics of confidential KPIs. Raises NotUnderstood with what is answered."""
    found = next((one for one in facts.key_results.values() if one.id.casefold() == command.key.casefold()), None)
    if found is None:
        raise NotUnderstood(_unknown(facts, page, mine, command.key))
    if found.owner_id not in mine:
        return None
    is_private = keeper_of(facts.teams, facts.objectives[found.objective_id].team_id) not in (
        None,
        keeper_of_page(facts, page),
    )
    try:
        said = _accepted(facts, found, command)
    except NotUnderstood:
        if is_private:
            raise NotUnderstood(Line(N_("This was not recorded; on the page of its team you are told why."))) from None
        raise
    return Meant(found, said, open=not is_private and found.metric_id not in confidential)


def _unknown(facts: Facts, page: PageDefinition, mine: Collection[str], key: str) -> Line:
    """With the key results that the author could mean, but for those that this page does not tell of."""
    here = (None, keeper_of_page(facts, page))
    theirs = [
        one.id
        for one in facts.key_results.values()
        if one.owner_id in mine and keeper_of(facts.teams, facts.objectives[one.objective_id].team_id) in here
    ]
    told = {"key": key, "ids": ", ".join(theirs) or "–", "example": EXAMPLE}
    if not key:
        return Line(N_("Which key result is meant? Write its id, like {example} Yours are: {ids}."), told)
    return Line(N_("There is no key result “{key}”. Yours are: {ids}."), told)


def _accepted(facts: Facts, key_result: KeyResult, command: Command) -> Statement:
    cycle, metric = cycle_of(facts, key_result), facts.metrics[key_result.metric_id]
    if cycle.state is CycleState.CLOSED:
        final = N_("Its cycle {cycle} is closed, and its grades are final.")
        raise NotUnderstood(Line(final, {"cycle": cycle.name or cycle.id}))
    said = statement(command, metric.unit)
    if said.value is not None and metric.source != BY_HAND:
        from_elsewhere = N_(
            "Its value comes from {source}: write confidence and note without a value. "
            "Before a note that begins with a number write note:"
        )
        raise NotUnderstood(Line(from_elsewhere, {"source": metric.source}))
    return said


def noted(facts: Facts, check_in: CheckIn) -> Facts:
    """The same facts with a check-in that was made just now."""
    metric_id = facts.key_results[check_in.key_result_id].metric_id
    known = facts.measurements.get(metric_id, ())
    more: Mapping[str, tuple[Measurement, ...]] = {}
    if check_in.value is not None:
        measured = Measurement(known[-1].id + 1 if known else 1, metric_id, check_in.at, check_in.value, check_in.by)
        more = {metric_id: tuple(sorted((*known, measured), key=lambda one: (one.at, one.id)))}
    said = (*facts.check_ins.get(check_in.key_result_id, ()), check_in)
    return replace(
        facts,
        measurements={**facts.measurements, **more},
        check_ins={**facts.check_ins, check_in.key_result_id: said},
    )


def acknowledged(before: Facts, after: Facts, what: Meant, today: date) -> Sentences:
    """What was recorded, and what it did to the score."""
    if not what.open:
        return (Line(N_("Recorded. What was said is not repeated here, because not everybody may read it.")),)
    said, unit = what.said, before.metrics[what.key_result.metric_id].unit
    told = [Line(N_("Recorded."))]
    if said.value is not None:
        told.append(Line(N_("Value: {value}."), {"value": Quantity(said.value, unit)}))
    if said.confidence is not None:
        told.append(Line(N_("Confidence: {given}/{most}."), {"given": said.confidence, "most": MOST_CONFIDENT}))
    if said.value is not None:
        was, now = (stand(facts, what.key_result, today) for facts in (before, after))
        scores = {"before": _score(was), "after": _score(now), "health": now.verdict.health}
        told.append(Line(N_("Score: {before} → {after}, {health}."), scores))
    if said.note:
        told.append(Line(N_("Note: {note}"), {"note": said.note.replace("\n", "; ")}))
    if said.blockers:
        told.append(Line(N_("Blockers: {blockers}"), {"blockers": said.blockers.replace("\n", "; ")}))
    return tuple(told)


def _score(stands: KeyResultStanding) -> Quantity | None:
    progress = stands.score.progress
    return None if progress is None else Quantity(one_decimal(progress), "progress")
