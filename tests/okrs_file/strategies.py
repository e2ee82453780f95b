"""Any definitions that a file can give, small ones, with texts and ids that YAML has its own mind about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from app.domain.facts import PageDefinition
from app.domain.model import (
    CheckIn,
    Corridor,
    Cycle,
    CycleState,
    Evidence,
    EvidenceKind,
    EvidenceMode,
    Health,
    KeyResult,
    Kpi,
    Measurement,
    Metric,
    Objective,
    ObjectiveKind,
    Period,
    Person,
    Readers,
    Rollup,
    Team,
    Text,
)
from app.domain.page_kinds import OF_TEAMS, PAGE_KINDS
from app.okrs_file import Definitions
from app.okrs_file.document import is_number
from app.okrs_file.resolve import evidence_id
from app.okrs_file.usual_pages import usual_pages, usual_schedule

HOSTILE = [
    "yes", "null", "~", "1e3", "2026-10-01", "0x1F", "1_000", "12:30:45", ".inf", "=", "<<", "- a", "# a", "a #b",
    "a: b", "a:", "@a", "*a", "&a", "!a", "%a", "`a`", "'a'", '"a"', "{a: b}", "[a]", "? a", "| a", "> a", "...", "---",
    "a\nb\n", "\n a\n", "a  b", " a ", "a\t", "\u2028", "\x85", "\ufeffa", "a\\b", "가나다", "👩\u200d💻 🎯",
    "가 " * 90, "long " * 60 + "end",
]  # fmt: skip
SIGNS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
ANY = st.sampled_from(HOSTILE) | st.text(SIGNS, min_size=1, max_size=30)
STRIPPED = ANY.map(str.strip).filter(bool)
IDS = ["a", "A-1", "x.y_z", "null", "yes", "1e3", "007", "2026-10-01", "0x1F", "1_0", "n", "2026-Q4", "12", "x" * 40]
NAMES = ["%", "USD", "no", "x: y", "", "1e3", "건"]
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def texts() -> st.SearchStrategy[Text]:
    """A plain line, which is both languages; or two texts without blanks around them, of which one may be missing."""
    both = st.builds(Text, ko=STRIPPED, en=STRIPPED) | STRIPPED.map(lambda one: Text(en=one))
    return ANY.map(lambda line: Text(ko=line, en=line)) | both


def numbers(least: int = -(10**6)) -> st.SearchStrategy[Decimal]:
    return st.decimals(least, 10**6, places=6).map(lambda one: one.normalize() if one else Decimal(0))


def digits(value: Decimal | int) -> str:
    told = format(Decimal(value).normalize(), "f")
    assert is_number(told)
    return told


class Maker:
    """Draws one item after the other; each may refer to those before it."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def ids(self, most: int, prefix: str = "") -> list[str]:
        found = self.draw(st.lists(st.sampled_from(IDS), max_size=most, unique=True))
        return [f"{prefix}{one}"[:40] for one in found]

    def one_of(self, ids: list[str]) -> str:
        return self.draw(st.sampled_from(ids))

    def maybe(self, ids: list[str]) -> str | None:
        return self.draw(st.sampled_from([None, *ids]))

    def text(self) -> Text:
        return self.draw(texts())

    def teams(self) -> tuple[Team, ...]:
        made: list[Team] = []
        for key in self.ids(3) or ["company"]:
            made.append(Team(key, self.text(), self.maybe([team.id for team in made])))
        return tuple(made)

    def with_readers(self, team: Team, people: list[str]) -> Team:
        who = self.draw(st.lists(st.sampled_from(people), max_size=2, unique=True))
        groups = self.draw(st.lists(ANY.filter(lambda one: len(one) <= 255), min_size=0 if who else 1, max_size=2))
        return replace(team, readers=self.draw(st.none() | st.just(Readers(tuple(who), tuple(groups)))))

    def people(self, teams: list[str]) -> tuple[Person, ...]:
        words = st.none() | st.sampled_from(["", "712020:a-b", "1e3", "no"])
        return tuple(
            Person(key, self.text(), self.draw(st.sampled_from(["", "a@b"])), self.maybe(teams), self.draw(words))
            for key in self.ids(3) or ["minji"]
        )

    def cycles(self) -> tuple[Cycle, ...]:
        made = []
        for number, key in enumerate(self.ids(3) or ["2026-Q4"]):
            first = date(2026, 1, 1) + timedelta(days=92 * number)
            name = self.draw(st.just(key) | ANY)
            state = self.draw(st.sampled_from(CycleState))
            made.append(Cycle(key, name, first, first + timedelta(days=91), state))
        return tuple(made)

    def metrics(self, ids: list[str]) -> tuple[Metric, ...]:
        made = []
        for key in ids:
            source, params = self.draw(
                st.sampled_from([("manual", {}), ("jira.share_done", {}), ("jira.share_done", {"by": "points"}),
                                 ("jira.share_done", {"exclude_resolutions": ["2024", "no", "a, b"]})])
            )  # fmt: skip
            made.append(Metric(key, self.text(), self.draw(st.sampled_from(NAMES)), source, params))
        return tuple(made)

    def progress(self) -> tuple[str, dict[str, object]]:
        draw = self.draw
        mode = draw(st.sampled_from(["from_to", "relative", "periods", "recurring", "boolean"]))
        if mode == "from_to":
            start, end = draw(st.lists(numbers(), min_size=2, max_size=2, unique=True))
            return mode, {"baseline": digits(start), "target": digits(end)}
        if mode == "relative":
            change = draw(st.integers(1, 90))
            way = draw(st.sampled_from([{}, {"direction": "up"}, {"direction": "down"}]))
            return mode, {
                "baseline": digits(draw(st.integers(1, 99))),
                "change": digits(change),
                "as": "percent",
                **way,
            }
        if mode == "periods":
            told = {"n": "1", "of": draw(st.sampled_from(["1", "2"])), "period": "month"}
            return mode, {**told, "threshold": digits(draw(numbers()))}
        if mode == "recurring":
            more = draw(st.sampled_from([{}, {"carry_over": True, "several": "sum"}, {"missing": "zero"}]))
            return mode, {"target": digits(draw(st.integers(1, 99))), **more}
        return mode, {}

    def key_results(self, objectives: tuple[Objective, ...], metrics: list[str], people: list[str]) -> list[KeyResult]:
        made = []
        for number, objective in enumerate(objectives):
            for position, key in enumerate(self.ids(2, f"K{number}")):
                mode, params = self.progress()
                health = self.draw(st.none() | st.sampled_from(Health))
                made.append(
                    KeyResult(
                        id=key,
                        objective_id=objective.id,
                        title=self.text(),
                        owner_id=self.one_of(people),
                        metric_id=self.one_of([*metrics, key]),
                        mode=mode,
                        params=params,
                        weight=self.draw(st.sampled_from([Decimal(1), Decimal("0.5"), Decimal(1000)])),
                        cadence_days=self.draw(st.sampled_from([7, 14])),
                        position=position,
                        hand_health=health,
                        hand_reason=self.draw(ANY) if health else "",
                    )
                )
        return made

    def objectives(self, teams: list[str], cycles: list[str], people: list[str]) -> tuple[Objective, ...]:
        made: list[Objective] = []
        for position, key in enumerate(self.ids(3, "O")):
            above = self.maybe([one.id for one in made])
            made.append(
                Objective(
                    id=key,
                    cycle_id=self.one_of(cycles),
                    team_id=self.one_of(teams),
                    title=self.text(),
                    owner_id=self.maybe(people),
                    kind=self.draw(st.sampled_from(ObjectiveKind)),
                    rollup=self.draw(st.sampled_from(Rollup)),
                    supports=("objective", above) if above else None,
                    position=position,
                    own_page=self.draw(st.booleans()),
                )
            )
        return tuple(made)

    def evidence(self, key_results: list[KeyResult]) -> tuple[Evidence, ...]:
        made: dict[str, Evidence] = {}
        for one in key_results:
            for kind in self.draw(st.lists(st.sampled_from(EvidenceKind), max_size=2)):
                value = " ".join(self.draw(STRIPPED).split()) if kind is EvidenceKind.KEYS else self.draw(STRIPPED)
                key = self.draw(st.just(evidence_id(one.id, kind, value)) | st.sampled_from(IDS))
                link = kind is EvidenceKind.LINK
                way = self.draw(st.sampled_from(["both", "inward"])) if link else "both"
                mode = self.draw(st.sampled_from(EvidenceMode))
                made.setdefault(key, Evidence(key, one.id, kind, value, mode, "10010" if link else None, way))
        return tuple(made.values())

    def kpis(self, metrics: list[str], teams: list[str], people: list[str]) -> tuple[Kpi, ...]:
        made = []
        for position, key in enumerate(self.ids(2, "P")):
            team = self.maybe(teams)
            made.append(
                Kpi(
                    id=key,
                    title=self.text(),
                    metric_id=self.one_of([*metrics, key]),
                    mode="from_to",
                    params={"baseline": "0", "target": "8", "starts_on": "2026-01-01", "due": "2026-03-01"},
                    team_id=team,
                    person_id=None if team else self.one_of(people),
                    period=self.draw(st.sampled_from(Period)),
                    corridor=self.draw(st.sampled_from([None, Corridor(Decimal("6.5"), Decimal(4))])),
                    action=self.draw(st.just(Text()) | texts()),
                    confidential=self.draw(st.booleans()),
                    position=position,
                )
            )
        return tuple(made)

    def pages(
        self, teams: list[str], cycles: tuple[Cycle, ...], objectives: tuple[Objective, ...]
    ) -> tuple[PageDefinition, ...]:
        """Those of closed cycles as reading makes them: in the archive, where there is one."""
        made: list[PageDefinition] = []
        for position, key in enumerate(self.ids(4)):
            kind = self.draw(st.sampled_from([name for name in PAGE_KINDS if objectives or name != "objective"]))
            about, title = PAGE_KINDS[kind].about, self.text()
            one = self.draw(st.sampled_from(objectives)) if kind == "objective" else None
            cycle = self.one_of(ids(cycles)) if "cycle" in about else None
            of_team = self.one_of(teams) if kind in OF_TEAMS else self.maybe(teams) if "team" in about else None
            made.append(
                PageDefinition(
                    id=key,
                    kind=kind,
                    title=Text(f"{title.ko}{position}", f"{title.en}{position}"),
                    team_id=one.team_id if one else of_team,
                    cycle_id=one.cycle_id if one else cycle,
                    parent_id=self.maybe([page.id for page in made]),
                    schedule=self.draw(st.sampled_from([usual_schedule(kind), "*/15 9 * * MON-FRI", "0 9 1 * *"])),
                    time_zone=self.draw(st.sampled_from(["", "Europe/Berlin"])),
                    languages=self.draw(st.sampled_from([(), ("en",), ("en", "ko")])),
                    position=position,
                    objective_id=one.id if one else None,
                    sections=tuple(
                        self.draw(st.lists(st.sampled_from(PAGE_KINDS[kind].offers), max_size=3, unique=True))
                    ),
                )
            )
        return in_archive(made, cycles)

    def times(self) -> list[datetime]:
        seconds = st.integers(0, 10**7).map(lambda one: FIRST + timedelta(seconds=one))
        finer = st.integers(0, 10**12).map(lambda one: FIRST + timedelta(microseconds=one))
        return self.draw(st.lists(seconds | finer, max_size=2, unique=True))


def in_archive(pages: list[PageDefinition], cycles: tuple[Cycle, ...]) -> tuple[PageDefinition, ...]:
    """Where an archive stands first; anything else would have to be put in order."""
    if not pages or pages[0].kind != "archive":
        left = (page for page in pages if page.id not in _archives(pages))
        return tuple(replace(page, position=position) for position, page in enumerate(left))
    closed = {cycle.id for cycle in cycles if cycle.state is CycleState.CLOSED}
    of = {page.id: page.cycle_id for page in pages}
    return tuple(
        replace(page, parent_id=pages[0].id)
        if page.cycle_id in closed and of.get(page.parent_id or "") != page.cycle_id
        else page
        for page in pages
    )


def _archives(pages: list[PageDefinition]) -> set[str]:
    """Archives, and what stands below one."""
    found = {page.id for page in pages if page.kind == "archive"}
    for page in pages:
        if page.parent_id in found:
            found.add(page.id)
    return found


def ids(items: tuple[Team, ...] | tuple[Person, ...] | tuple[Cycle, ...]) -> list[str]:
    return [item.id for item in items]


@st.composite
def definitions(draw: st.DrawFn) -> Definitions:
    make = Maker(draw)
    teams, cycles = make.teams(), make.cycles()
    people = make.people(ids(teams))
    teams = tuple(make.with_readers(team, ids(people)) for team in teams)
    objectives = make.objectives(ids(teams), ids(cycles), ids(people))
    shared = make.ids(3)
    key_results = make.key_results(objectives, shared, ids(people))
    kpis = make.kpis(shared, ids(teams), ids(people))
    own = {one.metric_id for one in key_results} | {one.metric_id for one in kpis}
    metrics = make.metrics([*shared, *sorted(own - set(shared))])
    by_hand = {metric.id for metric in metrics if metric.source == "manual"}
    organisation = make.text()
    pages = make.pages(ids(teams), cycles, objectives)
    if draw(st.booleans()):
        pages = usual_pages(organisation, teams, cycles, objectives, bool(kpis))
    return Definitions(
        organisation=organisation,
        teams=teams,
        people=people,
        cycles=cycles,
        metrics=metrics,
        objectives=objectives,
        key_results=tuple(key_results),
        kpis=kpis,
        evidence=make.evidence(key_results),
        pages=pages,
        measurements=tuple(
            Measurement(0, metric.id, at, draw(numbers()), make.maybe(ids(people)) or "")
            for metric in metrics
            for at in make.times()
        ),
        check_ins=tuple(
            CheckIn(
                id=0,
                key_result_id=one.id,
                at=at,
                by=make.one_of(ids(people)),
                confidence=draw(st.none() | st.integers(0, 10)),
                note=draw(st.just("") | ANY),
                blockers=draw(st.just("") | ANY),
                value=draw(st.none() | numbers()) if one.metric_id in by_hand else None,
            )
            for one in key_results
            for at in make.times()
        ),
    )
