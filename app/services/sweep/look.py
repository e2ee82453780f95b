"""What a sweep has before it: what is stored, which ids the queries find now, and what Jira shows of all of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import structlog

from app.db import issues as store
from app.db.models import IssueRow, SyncRow
from app.domain import jql
from app.domain.batches import batched
from app.domain.membership import linked_ids
from app.domain.model import Evidence, EvidenceKind, Issue
from app.errors import Rejected
from app.services import evidence as filling
from app.services import members
from app.services.runs import Progress
from app.services.sync import TAIL
from app.world import World

log = structlog.get_logger(__name__)
A_REQUEST = 100
BY_QUERY = frozenset({EvidenceKind.JQL, EvidenceKind.PROJECT, EvidenceKind.LABEL})

Counts = dict[str, int]


@dataclass(frozen=True)
class Before:
    """What was stored when the sweep began. `issues` are those to be asked for: when each was updated, and whether it
    could be seen. Of issues updated after `told_until` the poll has yet to tell, so taking them in is no repair; those
    updated after `young_since` the search index may not know yet."""

    evidence: Sequence[Evidence]
    members: Mapping[str, set[str]]
    issues: Mapping[str, tuple[datetime, bool]]
    told_until: datetime
    young_since: datetime

    @property
    def visible(self) -> set[str]:
        return {issue_id for issue_id, (_, is_visible) in self.issues.items() if is_visible}


def before(world: World) -> Before:
    """Evidence that was never filled, or that Jira refuses, is the poll's; its issues are looked at all the same."""
    site, now = world.need_jira().site, world.now()
    with world.reading() as session:
        rows = store.evidence_of_open_cycles(session)
        evidence = store.as_values(row for row in rows if row.filled_at is not None and not row.error)
        state = session.get(SyncRow, site)
        polled_at = state.ok_at if state and state.ok_at else now
        return Before(
            evidence,
            store.members(session, [item.id for item in evidence], site),
            store.that_matter(session, site, rows),
            min(polled_at, now) - TAIL,
            now - TAIL,
        )


def matching(world: World, evidence: Iterable[Evidence], counts: Counts, progress: Progress) -> dict[str, set[str]]:
    """The ids that match now, by evidence with a query of its own. One that Jira refuses keeps what it has and says
    why; equal queries are asked once."""
    queried = [item for item in evidence if item.kind in BY_QUERY]
    answers: dict[str, set[str] | str] = {}
    found: dict[str, set[str]] = {}
    for number, item in enumerate(queried):
        progress(f"{item.kind} {item.value}", number, len(queried))
        clause = jql.clause(item)
        if clause not in answers:
            answers[clause] = _answer(world, clause, counts)
        answer = answers[clause]
        if isinstance(answer, str):
            counts["refused"] += 1
            filling.refuse(world, item, answer)
        else:
            found[item.id] = answer
    return found


def _answer(world: World, clause: str, counts: Counts) -> set[str] | str:
    """The ids, or why Jira refuses the query. What the allow-list leaves out is not even asked for, unless a project
    on the list is gone, for which Jira refuses the whole query."""
    try:
        if not world.settings.projects:
            return _ids(world, clause, counts)
        try:
            return _ids(world, f"({clause}) AND {jql.one_of('project', world.settings.projects)}", counts)
        except Rejected:
            return _ids(world, clause, counts)
    except Rejected as error:
        return error.message


def _ids(world: World, query: str, counts: Counts) -> set[str]:
    found: set[str] = set()
    for page in world.need_jira().ids(query):
        counts["searched"] += len(page)
        found.update(page)
    return found


@dataclass
class Looking:
    """Issues as Jira shows them now, taken in as they come, a hundred in a request. `asked` are ids and keys; `found`
    what Jira showed of them, `seen` that without projects off the allow-list, `young` what changed just now.
    """

    world: World
    before: Before
    counts: Counts
    progress: Progress
    asked: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    young: set[str] = field(default_factory=set)
    ids: dict[str, str] = field(default_factory=dict)
    """By key, of what is seen."""
    linked: dict[str, set[str]] = field(default_factory=dict)
    """By evidence that is about an issue and its links: where these lead now."""
    below: set[str] = field(default_factory=set)
    """What searches and sub-task lists show below epics."""
    _above: dict[str, str] = field(default_factory=dict)
    _subtasks: dict[str, Sequence[str]] = field(default_factory=dict)
    _searched: set[str] = field(default_factory=set)

    def look(self, ids: Collection[str]) -> None:
        """At these, and at whatever hangs on them that evidence asks for."""
        wanted = set(ids)
        for _ in range(members.DEPTH):
            if not wanted:
                return
            self._fetch(sorted(wanted))
            wanted = (self._unnamed() | set().union(*self.linked.values()) | self._below_epics()) - self.asked

    def _fetch(self, wanted: Sequence[str]) -> None:
        self.asked.update(wanted)
        for number, batch in enumerate(batched(wanted, A_REQUEST)):
            self.progress("Looking at issues", number * A_REQUEST, len(wanted))
            issues = self.world.need_jira().issues(batch)
            self.counts["asked"] += len(batch)
            self.found.update(issue.id for issue in issues)
            self._take_in(issues)
            for issue in members.allowed(self.world, issues):
                self._note(issue)

    def _take_in(self, issues: Sequence[Issue]) -> None:
        with self.world.reading() as session:
            rows = store.known(session, self.world.need_jira().site, [issue.id for issue in issues])
        news = [issue for issue in issues if issue.id not in rows or store.differs(rows[issue.id], issue, fresh=True)]
        late = [issue for issue in news if issue.updated_at > self.before.told_until]
        missed = [issue for issue in news if issue.updated_at <= self.before.told_until]
        if late:
            members.take_in(self.world, late, fresh=True)
        if missed:
            taken = members.take_in(self.world, missed, fresh=True)
            self.counts["joined"] += taken.joined
            self.counts["left"] += taken.left
            self._count(missed, rows)

    def _count(self, missed: Sequence[Issue], rows: Mapping[str, IssueRow]) -> None:
        inside = {issue.id for issue in members.allowed(self.world, missed)}
        for issue in missed:
            row = rows.get(issue.id)
            if row is None:
                continue
            if issue.id not in inside:
                self.counts["left"] += row.deleted_at is None
            elif row.deleted_at is not None or row.unseen_at is not None:
                self.counts["back"] += 1
            else:
                self.counts["changed"] += 1

    def _note(self, issue: Issue) -> None:
        self.seen.add(issue.id)
        self.ids[issue.key.upper()] = issue.id
        if issue.updated_at > self.before.young_since:
            self.young.add(issue.id)
        if issue.type_level > 0:
            self._above[issue.id] = issue.key
        elif issue.subtask_ids:
            self._subtasks[issue.id] = issue.subtask_ids
        for item in self._about.get(issue.id, ()):
            self.linked[item.id] = linked_ids(item, issue)

    @cached_property
    def _about(self) -> Mapping[str, Sequence[Evidence]]:
        """Evidence by the issue whose links it is about."""
        found: dict[str, list[Evidence]] = {}
        for item in self.before.evidence:
            if item.kind is EvidenceKind.LINK and item.anchor_id:
                found.setdefault(item.anchor_id, []).append(item)
        return found

    def _unnamed(self) -> set[str]:
        """Keys that evidence names and nothing seen has: hidden until now, perhaps, or the old key of a moved issue."""
        by_key = (item for item in self.before.evidence if item.kind is EvidenceKind.KEYS)
        return {key for item in by_key for key in item.value.upper().split() if key not in self.ids}

    def _below_epics(self) -> set[str]:
        epics = [item for item in self.before.evidence if item.kind is EvidenceKind.EPIC]
        if not epics:
            return set()
        with self.world.reading() as session:
            now = store.members(session, [item.id for item in epics], self.world.need_jira().site)
        tree = {item.anchor_id for item in epics if item.anchor_id}.union(*now.values())
        parents = sorted(self._above[one] for one in tree & self._above.keys() - self._searched)
        self._searched |= tree & self._above.keys()
        for batch in batched(parents, filling.PARENTS_A_QUERY):
            try:
                self.below |= _ids(self.world, jql.one_of("parent", batch), self.counts)
            except Rejected as error:  # one of them went while it was asked for; the next sweep will do
                log.warning("children not looked at", reason=error.message)
        self.below.update(subtask for one in tree & self._subtasks.keys() for subtask in self._subtasks[one])
        return self.below
