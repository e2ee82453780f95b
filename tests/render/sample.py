"""A report made by hand: the article's marketing and sales team in week 8, with every part of a page in use."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.domain.lines import Line, Quantity
from app.domain.model import Health, Text
from app.domain.views import (
    ChangeView,
    CheckInView,
    CountsView,
    CycleView,
    EvidenceView,
    InputView,
    KeyResultView,
    KpiView,
    NewsView,
    ObjectiveView,
    PageRow,
    RefView,
    Report,
    SyncView,
    TrustView,
)

SALES = Text("영업팀", "Sales")
MARKETING = Text("마케팅팀", "Marketing")
KIM = Text("김지우", "Jiwoo Kim")
LEE = Text("이서준", "Seojun Lee")
CYCLE = CycleView("2026-Q4", "2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "open", 8, 14)
AS_OF = datetime(2026, 11, 20, 6, 4, tzinfo=UTC)
BRAND = RefView(
    "objective", "O-1", Text("브랜드를 알린다", "Make the brand known"), Health.AT_RISK, Decimal("0.5"), "company"
)


def trust(stale: bool = False) -> TrustView:
    jira = SyncView("example.atlassian.net", datetime(2026, 11, 18, 1, 0, tzinfo=UTC) if stale else None)
    return TrustView(AS_OF, "Asia/Seoul", stale, (jira, SyncView("second.atlassian.net")), "https://okr.example/edit")


def evidence(number: int) -> EvidenceView:
    done = number % 2 == 0
    return EvidenceView(
        key=f"MKT-{number}",
        url=f"https://jira.example/browse/MKT-{number}",
        summary=f"랜딩 페이지 실험 {number}차: 신청 양식 단축",
        status="완료" if done else "진행 중",
        category="done" if done else "indeterminate",
        assignee="이서준" if done else None,
        resolved_on=date(2026, 11, number) if done else None,
        mode="evidence",
    )


def key_result(number: int = 1, **changes: Any) -> KeyResultView:
    values: dict[str, Any] = {
        "id": f"KR-{number}",
        "title": Text("웹 전환율 25% 향상", "Web conversion +25%"),
        "owner": KIM,
        "metric": Text("웹 전환율", "Web conversion"),
        "unit": "%",
        "mode": "relative",
        "weight": Decimal(1),
        "start": Decimal("2.0"),
        "target": Decimal("2.5"),
        "now": Decimal("2.3"),
        "progress": Fraction(3, 5),
        "raw": Fraction(3, 5),
        "score": Decimal("0.6"),
        "expected": Decimal("0.6"),
        "health": Health.ON_TRACK,
        "health_was": None,
        "health_reason": "",
        "trend": (None, *(Fraction(step, 10) for step in (0, 1, 1, 3, 4, 6))),
        "confidence": 7,
        "last_check_in": date(2026, 11, 18),
        "issues_done": 3,
        "issues_total": 5,
        "issues_joined": 2,
        "issues_left": 1,
        "shared_with": (),
        "why": (
            Line(
                "{start} → {target}", {"start": Quantity(Decimal("2.0"), "%"), "target": Quantity(Decimal("2.5"), "%")}
            ),
        ),
        "inputs": (
            InputView(datetime(2026, 11, 18, 0, 30, tzinfo=UTC), Decimal("2.3"), KIM),
            InputView(datetime(2026, 11, 11, 0, 30, tzinfo=UTC), Decimal("2.2"), KIM),
        ),
        "evidence": tuple(evidence(issue) for issue in range(1, 6)),
        "evidence_hidden": 1,
        "evidence_more": 4,
        "evidence_url": "https://jira.example/issues/?jql=labels%20%3D%20kr1",
        "check_ins": tuple(
            CheckInView(AS_OF - timedelta(days=2 + week), KIM, 7, Decimal("2.3"), "양식을 줄인 뒤 전환율 상승", "")
            for week in (0, 7)
        ),
    }
    return KeyResultView(**{**values, **changes})


BARE: dict[str, Any] = {"evidence": (), "evidence_hidden": 0, "evidence_more": 0, "evidence_url": None, "inputs": ()}
UNMEASURED: dict[str, Any] = {"now": None, "progress": None, "raw": None, "score": None, "confidence": None} | {
    "health": Health.PENDING,
    "trend": (None, None, None),
    "last_check_in": None,
    "issues_done": 0,
    "issues_total": 0,
    "issues_joined": 0,
    "issues_left": 0,
    "check_ins": (),
}


def objective(number: int, title: Text, health: Health, *key_results: KeyResultView, **changes: Any) -> ObjectiveView:
    values: dict[str, Any] = {
        "id": f"O-{number}",
        "title": title,
        "kind": "aspirational",
        "rollup": "weighted_mean",
        "owner": KIM,
        "team": MARKETING,
        "health": health,
        "progress": Fraction(1, 2),
        "score": Decimal("0.5"),
        "expected": Decimal("0.6"),
        "measured": len([each for each in key_results if each.score is not None]),
        "supports": None,
        "supported_by": (),
        "key_results": key_results,
        "why": (),
    }
    return ObjectiveView(**{**values, **changes})


def kpi(number: int, title: Text, corridor: str, **changes: Any) -> KpiView:
    values: dict[str, Any] = {
        "id": f"KPI-{number}",
        "title": title,
        "owner": LEE,
        "unit": "USD",
        "period": "month",
        "start": Decimal(250),
        "target": Decimal(350),
        "now": Decimal(300),
        "now_period": "2026-10",
        "previous": Decimal(280),
        "progress": Fraction(1, 2),
        "score": Decimal("0.5"),
        "corridor": corridor,
        "trend": tuple(Decimal(value) for value in (250, 252, 260, 255, 270, 280, 300)),
        "action": Text("전략 유지", "Go on"),
        "confidential": False,
        "why": (),
        "team": SALES,
    }
    return KpiView(**{**values, **changes})


KPIS = (
    kpi(1, Text("월 계약 금액", "Contract value a month"), "watch"),
    kpi(
        2,
        Text("티켓 해결 시간 50% 단축", "Ticket resolution time −50%"),
        "healthy",
        unit="hours",
        start=Decimal(40),
        target=Decimal(20),
        now=Decimal(30),
        previous=Decimal(33),
        trend=(Decimal(40), None, Decimal(36), Decimal(33), Decimal(30)),
        team=Text("고객지원팀", "Support"),
        action=Text(),
    ),
    kpi(3, Text("이탈 고객 매출", "Revenue lost to churn"), "unhealthy", confidential=True),
    kpi(4, Text("신규 거래처", "New accounts"), "unhealthy", unit="count", action=Text("목표 재설정", "Re-target")),
)


def team_report(stale: bool = False) -> Report:
    days = {"unit": "days", "start": Decimal(20), "target": Decimal(17)}
    return Report(
        page="marketing",
        kind="team",
        title=Text("2026-Q4 마케팅팀 OKR", "2026-Q4 Marketing OKRs"),
        team=MARKETING,
        cycle=CYCLE,
        trust=trust(stale),
        counts=CountsView(
            objectives=2,
            key_results=4,
            measured=3,
            health=tuple((health, count) for health, count in zip(Health, (1, 0, 1, 1, 1, 0), strict=True)),
            progress=Fraction(1, 2),
            score=Decimal("0.5"),
            last_week=Decimal("0.4"),
            expected=Decimal("0.6"),
            overall=Health.ON_TRACK,
        ),
        news=(
            NewsView(
                date(2026, 11, 19),
                Line("{text}", {"text": Text("평균 판매 일수: 주의 → 위험", "Days to sell: at risk → off track")}),
            ),
            NewsView(
                date(2026, 11, 17),
                Line("{text}", {"text": Text("목표 변경 2.6% → 2.5%", "Target changed 2.6% → 2.5%")}),
            ),
        ),
        news_since=date(2026, 11, 13),
        objectives=(
            objective(
                2,
                Text("판매 주기를 단축한다", "Shorten the sales cycle"),
                Health.OFF_TRACK,
                key_result(
                    3,
                    title=Text("평균 판매 일수 20일 → 17일", "Average days to sell 20 → 17"),
                    now=Decimal("19.5"),
                    score=Decimal("0.2"),
                    progress=Fraction(1, 6),
                    health=Health.OFF_TRACK,
                    confidence=3,
                    **days,
                ),
                key_result(4, title=Text("거래 단계 자동화", "Deal stages automated"), **(BARE | UNMEASURED | days)),
                supports=BRAND,
                why=(Line("{a} + {b}", {"a": Quantity(Fraction(1, 6), "progress"), "b": Decimal(2)}),),
            ),
            objective(
                1,
                Text("브랜드 인지도를 높인다", "Raise brand awareness"),
                Health.ON_TRACK,
                key_result(1),
                key_result(
                    2,
                    title=Text("매월 잠재 고객 40건", "40 leads a month"),
                    unit="count",
                    start=None,
                    target=Decimal(40),
                    now=Decimal(30),
                    health=Health.OUTDATED,
                    health_was=Health.AT_RISK,
                    shared_with=(BRAND,),
                ),
                kind="committed",
                supported_by=(
                    RefView("objective", "O-9", Text("웹 문의 확대", "More web leads"), Health.ON_TRACK, team=SALES),
                ),
            ),
        ),
        kpis=KPIS,
        history=(
            ChangeView(
                date(2026, 11, 17),
                Text("김지우", "Jiwoo Kim"),
                Text("웹 전환율", "Web conversion"),
                Line("target"),
                Quantity(Decimal("2.6"), "%"),
                Quantity(Decimal("2.5"), "%"),
                "시장 변화 반영",
            ),
            ChangeView(
                date(2026, 11, 16),
                Text("이서준", "Seojun Lee"),
                Text("평균 판매 일수", "Days to sell"),
                Line("baseline"),
                None,
                Quantity(Decimal(20), "days"),
                "",
            ),
        ),
        pages=(),
    )


def bare_report(kind: str, title: Text, **parts: Any) -> Report:
    empty: dict[str, Any] = dict.fromkeys(("objectives", "kpis", "news", "history", "pages"), ())
    empty |= dict.fromkeys(("team", "cycle", "counts", "news_since"))
    return Report(**(empty | {"page": kind, "kind": kind, "title": title, "trust": trust()} | parts))


def board_report() -> Report:
    return bare_report("kpi_board", Text("KPI 보드", "KPI board"), kpis=KPIS)


def index_report() -> Report:
    rows = (
        PageRow("company", Text("회사 OKR", "Company OKRs"), 0, Health.AT_RISK, Decimal("0.5"), 2, 6, 1),
        PageRow("marketing", Text("마케팅팀 OKR", "Marketing OKRs"), 1, Health.ON_TRACK, Decimal("0.5"), 2, 4, 1),
        PageRow("kpis", Text("KPI 보드", "KPI board"), 0, None, None, 0, 0, 0),
    )
    return bare_report("index", Text("OKR", "OKR"), cycle=CYCLE, pages=rows)
