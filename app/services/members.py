"""Taking issues in: which of them matter, what they are evidence for now, and what must be asked for next."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import issues as store
from app.db import rows
from app.db.models import EvidenceRow, IssueRow, RematchRow
from app.domain import jql
from app.domain.batches import batched
from app.domain.membership import LOCAL, is_member, linked_ids
from app.domain.model import Evidence, EvidenceKind, Issue
from app.errors import Rejected
from app.world import World

DEPTH = 8
"""How often newly found issues may lead to further ones (links, sub-tasks) in one go; Jira's hierarchy is flatter."""


@dataclass
class Taken:
    """What became of the issues: counts for the run, and ids that must be asked for next."""

    stored: int = 0
    joined: int = 0
    left: int = 0
    wanted: set[str] = field(default_factory=set)

    @property
    def counts(self) -> dict[str, int]:
        return {"stored": self.stored, "joined": self.joined, "left": self.left}


def allowed(world: World, issues: Iterable[Issue]) -> list[Issue]:
    """Without those of projects that are not on the allow-list: they are neither stored nor counted."""
    projects = {project.upper() for project in world.settings.projects}
    return [issue for issue in issues if not projects or issue.project.upper() in projects]


def take_in(world: World, issues: Sequence[Issue], *, fresh: bool, taken: Taken | None = None, depth: int = 0) -> Taken:
    """Store what matters and bring memberships up to date; issues that this makes interesting are fetched as well.

    Jira is asked which queries match only for issues that are new or differ, and again at the next poll.
    """
    taken = taken or Taken()
    tracker = world.need_jira()
    outside = {issue.id for issue in issues}
    issues = allowed(world, issues)
    outside -= {issue.id for issue in issues}
    if outside:  # moved there from a project on the list: for us it is gone
        with world.session() as session:
            gone = dict.fromkeys(outside, True)
            taken.stored += store.mark_absent(session, tracker.site, sorted(outside), gone, world.now())
    with world.reading() as session:
        evidence = _evidence(session)
        present = store.known(session, tracker.site, [issue.id for issue in issues])
        news = [issue for issue in issues if issue.id not in present or store.differs(present[issue.id], issue, fresh)]
    if not news:
        return taken
    queries = [item for item in evidence if item.kind is EvidenceKind.JQL]
    ids = [issue.id for issue in news]
    answers = _matching(world, ids, queries)
    with world.session() as session:
        _refuse(session, tracker.site, answers)
        going_on = [item for item in evidence if item.id not in answers.refused]
        _Membership(world, session, going_on, taken).update(news, answers.matching, fresh)
        if queries:
            ask_again(session, tracker.site, ids)
    wanted, taken.wanted = sorted(taken.wanted), set()
    if wanted and depth < DEPTH:
        take_in(world, tracker.issues(wanted), fresh=True, taken=taken, depth=depth + 1)
    return taken


def _evidence(session: Session) -> list[Evidence]:
    return store.as_values(row for row in store.evidence_of_open_cycles(session) if not row.error)


@dataclass(frozen=True)
class _Answers:
    """For each query the ids that match it, by the id of its evidence; and why Jira refused the others."""

    matching: dict[str, set[str]]
    refused: dict[str, str]


def _matching(world: World, ids: Sequence[str], queries: Sequence[Evidence]) -> _Answers:
    """All queries in one request; if Jira refuses one of them, each on its own, so that the others go on."""
    if not ids or not queries:
        return _Answers({}, {})
    tracker = world.need_jira()
    try:
        answers = tracker.matches(ids, [jql.without_order(item.value) for item in queries])
    except Rejected as error:
        if len(queries) == 1:
            return _Answers({}, {queries[0].id: error.message})
        alone = [_matching(world, ids, [item]) for item in queries]
        return _Answers(
            {key: answer for one in alone for key, answer in one.matching.items()},
            {key: reason for one in alone for key, reason in one.refused.items()},
        )
    return _Answers({item.id: answer for item, answer in zip(queries, answers, strict=True)}, {})


def _refuse(session: Session, site: str, answers: _Answers) -> None:
    """Jira no longer takes these queries: their issues stay as they are, and the status says why."""
    for evidence_id, reason in answers.refused.items():
        store.refuse(session, site, evidence_id, reason)


def ask_again(session: Session, site: str, ids: Iterable[str]) -> None:
    """The search index lags: membership of these is asked once more at the next poll."""
    for issue_id in ids:
        session.merge(RematchRow(site=site, issue_id=issue_id))


def rematch(world: World, ids: Sequence[str]) -> Taken:
    """Ask once more which queries these issues match; those that match and are not stored yet are fetched."""
    taken, tracker = Taken(), world.need_jira()
    with world.reading() as session:
        queries = [item for item in _evidence(session) if item.kind is EvidenceKind.JQL]
        present = set(store.known(session, tracker.site, ids))
    answers = _matching(world, ids, queries)
    matching = answers.matching
    queries = [item for item in queries if item.id in matching]
    unknown = set().union(*matching.values()) - present
    found = allowed(world, tracker.issues(sorted(unknown))) if unknown else []
    with world.session() as session:
        _refuse(session, tracker.site, answers)
        taken.stored += len(store.store(session, tracker.site, found, fresh=True))
        stored = present | {issue.id for issue in found}
        _Membership(world, session, queries, taken).settle(
            {item.id: matching[item.id] & stored for item in queries}, ids
        )
    return taken


def resettle(world: World, item: Evidence, candidates: Collection[str]) -> Taken:
    """Tell anew, from the states that are stored, which of these issues are evidence, and which no longer are."""
    taken, site = Taken(), world.need_jira().site
    for batch in batched(sorted(candidates), store.SQL_BATCH):
        with world.session() as session:
            store.one_at_a_time(session)
            membership = _Membership(world, session, [item], taken)
            there = store.known(session, site, batch).values()
            family = {row.id: rows.issue(row) for row in there if row.deleted_at is None}
            membership.settle({item.id: membership._local(item, family)}, list(family))
    return taken


class _Membership:
    """One transaction's worth of deciding who is evidence for what."""

    def __init__(self, world: World, session: Session, evidence: Sequence[Evidence], taken: Taken) -> None:
        self.session, self.evidence, self.taken = session, evidence, taken
        self.site, self.now = world.need_jira().site, world.now()
        self.members = store.members(session, [item.id for item in evidence], self.site)
        self.asked: set[str] = set()

    def update(self, news: Sequence[Issue], matching: dict[str, set[str]], fresh: bool) -> None:
        """Store those of `news` that matter and settle what they are evidence for."""
        store.one_at_a_time(self.session)
        present = store.known(self.session, self.site, [issue.id for issue in news])
        # A newer state may have been stored while Jira was asked; what is older says nothing about memberships.
        news = [issue for issue in news if issue.id not in present or present[issue.id].updated_at <= issue.updated_at]
        family = self._family(news)
        self.asked = asked = {issue.id for issue in news}
        verdicts = {
            # Jira was asked about the news alone: the issues below them stay what they are.
            item.id: (matching.get(item.id, set()) & asked) | (self.members[item.id] - asked)
            if item.kind is EvidenceKind.JQL
            else self._local(item, family)
            for item in self.evidence
        }
        anchors = {item.anchor_id for item in self.evidence} | self._late_anchors(news)
        matter = set(present) | anchors | set().union(*verdicts.values())
        changed = store.store(self.session, self.site, [issue for issue in news if issue.id in matter], fresh=fresh)
        self.taken.stored += len(changed)
        self.settle(verdicts, list(family))
        self._follow(news)

    def settle(self, verdicts: dict[str, set[str]], ids: Collection[str]) -> None:
        """Of these ids, exactly the ones in the verdict are evidence from now on."""
        for item in self.evidence:
            before, after = self.members[item.id] & set(ids), verdicts[item.id] & set(ids)
            if after - before:
                self.taken.joined += store.join(
                    self.session, item.id, self.site, after - before, self.now, founding=False
                )
            if before - after:
                self.taken.left += store.leave(self.session, item.id, self.site, before - after, self.now)

    def _family(self, news: Sequence[Issue]) -> dict[str, Issue]:
        """The issues, and the stored ones below them: when a parent moves, its children move along."""
        family = {issue.id: issue for issue in news}
        below = list(family)
        while below:
            question = select(IssueRow).where(IssueRow.site == self.site, IssueRow.deleted_at.is_(None))
            children = [
                rows.issue(row)
                for batch in batched(below, store.SQL_BATCH)
                for row in self.session.scalars(question.where(IssueRow.parent_id.in_(batch)))
            ]
            below = [child.id for child in children if child.id not in family]
            family |= {child.id: child for child in children if child.id in below}
        return family

    def _local(self, item: Evidence, family: dict[str, Issue]) -> set[str]:
        """Members among the family, told from the issues themselves."""
        assert item.kind in LOCAL
        known = family
        if item.kind is EvidenceKind.EPIC:
            known = self._ancestors(family)
        before = self.members[item.id]
        found = {issue.id for issue in family.values() if is_member(item, issue, known, issue.id in before)}
        anchor = family.get(item.anchor_id or "")
        if item.kind is EvidenceKind.LINK and anchor:
            found |= self._linked(item, anchor)
        return found

    def _linked(self, item: Evidence, anchor: Issue) -> set[str]:
        """The anchor itself is at hand: what its links lead to is evidence. What they no longer lead to is asked for
        itself, since Jira leaves out links to issues that we may not see: then it stays (decision 6)."""
        linked = linked_ids(item, anchor)
        stored = store.stored(self.session, self.site, linked)
        self.taken.wanted |= (linked - stored) | (self.members[item.id] - linked - self.asked)
        self.taken.joined += store.join(
            self.session, item.id, self.site, stored - self.members[item.id], self.now, founding=False
        )
        self.members[item.id] |= stored
        return stored

    def _ancestors(self, family: dict[str, Issue]) -> dict[str, Issue]:
        known = dict(family)
        above = {issue.parent_id for issue in family.values() if issue.parent_id} - known.keys()
        while above:
            found = {key: rows.issue(row) for key, row in store.known(self.session, self.site, above).items()}
            known |= found
            above = {issue.parent_id for issue in found.values() if issue.parent_id} - known.keys()
        return known

    def _late_anchors(self, news: Sequence[Issue]) -> set[str]:
        """An issue that evidence is about, which was not to be seen before: its evidence is filled anew."""
        keys = {issue.key.upper(): issue.id for issue in news}
        late: set[str] = set()
        for row in self.session.scalars(select(EvidenceRow).where(EvidenceRow.error != "")):
            if row.value.upper() in keys:
                late.add(keys[row.value.upper()])
                row.error, row.filled_at = "", None
        return late

    def _follow(self, news: Sequence[Issue]) -> None:
        """Sub-tasks of issues that joined an epic are wanted; a whole tree that joined is filled at the next poll."""
        for item in self.evidence:
            if item.kind is not EvidenceKind.EPIC:
                continue
            joined = [issue for issue in news if issue.id in store.members(self.session, [item.id], self.site)[item.id]]
            subtasks = {subtask for issue in joined for subtask in issue.subtask_ids}
            self.taken.wanted |= subtasks - set(store.known(self.session, self.site, subtasks))
            if any(issue.type_level > 0 and issue.id not in self.members[item.id] for issue in joined):
                self.session.get_one(EvidenceRow, item.id).filled_at = None
