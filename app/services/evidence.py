"""Filling evidence: asking Jira once, in full, which issues stand behind a key result."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.db import issues as store
from app.db.models import EvidenceRow
from app.domain import jql
from app.domain.batches import batched
from app.domain.membership import linked_ids
from app.domain.model import Evidence, EvidenceKind, Issue
from app.errors import Rejected
from app.services.members import allowed
from app.services.runs import Progress, quiet
from app.world import World

PARENTS_A_QUERY = 100
REFUSED_FOR = timedelta(hours=1)
"""Then Jira is asked again: rights are granted and names come back without anybody telling us."""


def fill(world: World, progress: Progress = quiet) -> dict[str, int]:
    """Fill what was never filled, and what Jira refused an hour ago or longer. Evidence that Jira refuses keeps its
    last issues and says why; the rest goes on. Each is settled in one transaction, so nothing half-filled is ever
    counted."""
    with world.reading() as session:
        before = world.now() - REFUSED_FOR
        rows = store.evidence_of_open_cycles(session)
        unfilled = [row for row in rows if row.filled_at is None or (row.error and row.filled_at <= before)]
        evidence = store.as_values(unfilled)
    counts = {"filled": 0, "searched": 0, "stored": 0, "joined": 0, "left": 0}
    if not evidence:
        return counts
    named = _named(world, evidence)
    for number, item in enumerate(evidence):
        asked = _Asked(world, counts, f"{item.kind} {item.value}", number, len(evidence), progress)
        try:
            anchor, found = asked.issues_of(item, named)
        except Rejected as error:
            refuse(world, item, error.message)
            continue
        _settle(world, item, anchor, found, counts)
    progress("", len(evidence), len(evidence))
    return counts


def _named(world: World, evidence: Sequence[Evidence]) -> dict[str, Issue]:
    """Issues that evidence names by key, by that key; one request per hundred, and one for each that was moved."""
    tracker = world.need_jira()
    by_key = {EvidenceKind.LINK, EvidenceKind.EPIC, EvidenceKind.KEYS}
    keys = sorted({key.upper() for item in evidence if item.kind in by_key for key in item.value.split()})
    if not keys:
        return {}
    found = {issue.key.upper(): issue for issue in allowed(world, tracker.issues(keys))}
    for key in keys:
        if key not in found:
            for moved in allowed(world, tracker.issues([key])):
                found[key] = moved
    return {key: found[key] for key in keys if key in found}


@dataclass(frozen=True)
class _Asked:
    """One evidence being filled: what is counted and told on the way."""

    world: World
    counts: dict[str, int]
    name: str
    number: int
    of: int
    progress: Progress

    def issues_of(self, item: Evidence, named: dict[str, Issue]) -> tuple[Issue | None, list[Issue]]:
        """The issue that the evidence is about, where there is one, and the issues that are evidence."""
        self.progress(self.name, self.number, self.of)
        tracker = self.world.need_jira()
        if item.kind is EvidenceKind.KEYS:
            return None, [named[key] for key in item.value.upper().split() if key in named]
        if item.kind not in (EvidenceKind.LINK, EvidenceKind.EPIC):
            return None, list(self._search(jql.clause(item)))
        anchor = named.get(item.value.upper())
        if anchor is None:
            raise Rejected(f"Jira does not show the issue {item.value}: not there, or not visible to the account.")
        if item.kind is EvidenceKind.LINK:
            return anchor, allowed(self.world, tracker.issues(sorted(linked_ids(item, anchor))))
        return anchor, self._below(anchor)

    def _search(self, query: str) -> Iterable[Issue]:
        found = 0
        for page in self.world.need_jira().search(query):
            found += len(page)
            self.counts["searched"] += len(page)
            self.progress(f"{self.name}: {found} issues", self.number, self.of)
            yield from allowed(self.world, page)

    def _below(self, anchor: Issue) -> list[Issue]:
        """Everything below an issue, level by level: by search, and by id for sub-tasks."""
        found: dict[str, Issue] = {}
        level = [anchor]
        while level:
            parents = [issue for issue in level if issue.type_level > 0]
            subtasks = {subtask for issue in level if issue.type_level <= 0 for subtask in issue.subtask_ids}
            level = allowed(self.world, self.world.need_jira().issues(sorted(subtasks))) if subtasks else []
            for batch in batched(parents, PARENTS_A_QUERY):
                level += self._search(jql.one_of("parent", (issue.key for issue in batch)))
            level = [issue for issue in level if issue.id not in found and issue.id != anchor.id]
            found |= {issue.id: issue for issue in level}
        return list(found.values())


def _settle(world: World, item: Evidence, anchor: Issue | None, found: list[Issue], counts: dict[str, int]) -> None:
    site, now = world.need_jira().site, world.now()
    by_search = item.kind not in (EvidenceKind.KEYS, EvidenceKind.LINK)
    with world.session() as session:
        row = session.get_one(EvidenceRow, item.id)
        if anchor is not None:
            store.store(session, site, [anchor], fresh=True)
        counts["stored"] += len(store.store(session, site, found, fresh=not by_search))
        before, after = store.members(session, [item.id], site)[item.id], {issue.id for issue in found}
        founding = row.filled_at is None and not before
        counts["joined"] += store.join(session, item.id, site, after - before, now, founding=founding)
        counts["left"] += store.leave(session, item.id, site, before - after, now)
        counts["filled"] += 1
        row.filled_at, row.error, row.anchor_id = now, "", anchor.id if anchor else None


def refuse(world: World, item: Evidence, reason: str) -> None:
    """Jira does not take it: it keeps its last issues, and is tried again after a while."""
    with world.session() as session:
        store.refuse(session, world.need_jira().site, item.id, reason)
        session.get_one(EvidenceRow, item.id).filled_at = world.now()
