"""A company's okrs.yaml: teams, objectives and key results in Korean and English, with the weeks behind them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

TODAY = date(2026, 11, 20)
FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
WEEKS = 7
PLACES = (
    *(("서울", "Seoul"), ("부산", "Busan"), ("대전", "Daejeon"), ("광주", "Gwangju"), ("대구", "Daegu")),
    *(("인천", "Incheon"), ("제주", "Jeju"), ("도쿄", "Tokyo"), ("싱가포르", "Singapore"), ("하노이", "Hanoi")),
)
CRAFTS = (
    *(("영업", "Sales"), ("마케팅", "Marketing"), ("제품", "Product"), ("플랫폼", "Platform")),
    *(("고객지원", "Customer Support"), ("인사", "People")),
)
AIMS = (
    ("고객이 먼저 찾는 브랜드가 된다", "Be the brand that customers look for"),
    ("가입 첫날부터 가치를 느끼게 한다", "Let customers feel the value on their first day"),
    ("누구나 오래 일하고 싶은 팀을 만든다", "Make this a team where people want to stay"),
    ("장애 없이 안정적으로 서비스를 운영한다", "Run a service that people can rely on"),
    ("판매 주기를 단축하고 계약 규모를 키운다", "Close larger contracts in less time"),
    ("데이터를 기반으로 빠르게 결정한다", "Decide quickly, and on data"),
    ("한 번 온 고객이 계속 함께하게 한다", "Keep the customers we have won"),
)


@dataclass(frozen=True)
class Result:
    """What a key result says and counts: from where to where, and how far it came (a part of the way, week by week)."""

    ko: str
    en: str
    metric_ko: str
    metric_en: str
    unit: str
    start: float
    target: float


RESULTS = (
    Result("웹 전환율 2.0% → 2.5%", "Web conversion from 2.0 % to 2.5 %", "웹 전환율", "Web conversion", "%", 2.0, 2.5),
    Result("평균 판매 일수 20일 → 17일", "Average days to close from 20 to 17", "판매 일수", "Days", "days", 20, 17),
    Result("월 반복 매출 48억 → 60억 원", "Monthly revenue from ₩4.8B to ₩6B", "월 매출", "Revenue", "KRW", 48e8, 60e8),
    Result("고객 이탈률 10% → 7%", "Churn from 10 % to 7 %", "고객 이탈률", "Churn", "%", 10, 7),
    Result(
        "유료 고객 1,200곳 → 1,500곳",
        "Paying customers from 1,200 to 1,500",
        "유료 고객",
        "Customers",
        "count",
        1200,
        1500,
    ),
    Result("첫 응답 시간 8시간 → 2시간", "First answer from 8 hours to 2", "첫 응답", "First answer", "hours", 8, 2),
    Result("추천 지수 31점 → 45점", "Promoter score from 31 to 45", "추천 지수", "Promoter score", "점", 31, 45),
    Result("배포 주기 12일 → 3일", "Days from commit to release from 12 to 3", "배포 주기", "Lead time", "days", 12, 3),
)
SAID = (
    ("결제 화면을 세 단계에서 한 단계로 줄인 뒤 전환율이 올랐습니다.", ""),
    ("신규 리드는 늘었지만 계약 검토가 길어지고 있습니다.", "법무 검토 대기"),
    ("Two large accounts renewed early; the pipeline for December looks thin.", ""),
    ("핵심 개발자 두 명이 장애 대응에 투입되어 한 주 밀렸습니다.", "플랫폼 이관 지연, 예비 인력 없음"),
    ("On plan. The new onboarding mail goes out to everybody next week.", ""),
)


@dataclass(frozen=True)
class Size:
    """`objectives` in all, dealt out over the teams (the company itself first), each with `key_results`."""

    teams: int
    objectives: int
    key_results: int = 4
    issues: int = 6

    def owners(self) -> list[int]:
        """Which team has each objective: 0 is the company, which has three, or all if there are no teams."""
        if not self.teams:
            return [0] * self.objectives
        own = min(3, self.objectives)
        return [0] * own + [1 + number % self.teams for number in range(self.objectives - own)]


SMALL = Size(2, 7)
LARGE = Size(60, 200)


def okrs_yaml(size: Size) -> str:
    return "\n".join([*_head(size), "objectives:", *_objectives(size), *_kpis(size), *_past(size)]) + "\n"


def team_name(number: int) -> tuple[str, str]:
    craft, place = CRAFTS[(number - 1) % len(CRAFTS)], PLACES[(number - 1) // len(CRAFTS) % len(PLACES)]
    return f"{place[0]} {craft[0]}", f"{place[1]} {craft[1]}"


def _text(ko: str, en: str) -> str:
    return f'{{ko: "{ko}", en: "{en}"}}'


def _head(size: Size) -> Iterator[str]:
    yield f"organisation: {{name: {_text('한빛소프트웨어', 'Hanbit Software')}}}"
    yield "teams:"
    yield f"  - {{id: company, name: {_text('전사', 'Company')}}}"
    for number in range(1, size.teams + 1):
        parent = "company" if (number - 1) % len(CRAFTS) == 0 else f"t{number - (number - 1) % len(CRAFTS)}"
        yield f"  - {{id: t{number}, name: {_text(*team_name(number))}, parent: {parent}}}"
    yield "people:"
    for number, (ko, en) in enumerate((("김지우", "Jiwoo Kim"), ("이서준", "Seojun Lee"), ("박하윤", "Hayun Park"))):
        yield f"  - {{id: p{number}, name: {_text(ko, en)}, team: company}}"
    yield "cycles:"
    yield f"  - {{id: 2026-Q4, starts_on: {FIRST}, ends_on: {LAST}}}"


def _objectives(size: Size) -> Iterator[str]:
    for number, team in enumerate(size.owners()):
        ko, en = AIMS[number % len(AIMS)]
        where = team_name(team) if team else ("", "")
        yield f"  - id: O{number}"
        yield f"    title: {_text(f'{where[0]}: {ko}' if team else ko, f'{where[1]}: {en}' if team else en)}"
        yield f"    team: {f't{team}' if team else 'company'}"
        yield f"    owner: p{number % 3}"
        yield f"    kind: {'committed' if number % 5 == 4 else 'aspirational'}"
        if team and number % 9:
            yield f"    supports: O{number % 3}"
        yield "    key_results:"
        for step in range(size.key_results):
            yield from _key_result(number, step)


def _key_result(objective: int, step: int) -> Iterator[str]:
    result = _result(objective, step)
    yield f"      - id: {key(objective, step)}"
    yield f"        title: {_text(result.ko, result.en)}"
    yield f"        owner: p{(objective + step) % 3}"
    yield f'        metric: {{unit: "{result.unit}", name: {_text(result.metric_ko, result.metric_en)}}}'
    yield f"        progress: {{mode: from_to, baseline: {result.start:g}, target: {result.target:g}}}"
    yield f"        evidence: [{{label: {key(objective, step).lower()}}}]"


def key(objective: int, step: int) -> str:
    return f"KR-{objective}-{step}"


def _result(objective: int, step: int) -> Result:
    return RESULTS[(objective * 3 + step) % len(RESULTS)]


def pace(objective: int, step: int) -> float | None:
    """How much of the way is done today: some are unmeasured, some done, most in between."""
    mood = (objective * 7 + step * 5) % 19
    return None if mood == 3 else 1.0 if mood == 11 else mood / 22


def _past(size: Size) -> Iterator[str]:
    krs = [(objective, step) for objective in range(size.objectives) for step in range(size.key_results)]
    yield "measurements:"
    for objective, step in krs:
        whole, result = pace(objective, step), _result(objective, step)
        for week in range(WEEKS if whole is not None else 0):
            part = (whole or 0) * (week + 1) / WEEKS * (1 if week % 3 else 0.9)
            value = round(
                result.start + (result.target - result.start) * (whole or 0 if week == WEEKS - 1 else part), 2
            )
            at = TODAY - timedelta(days=7 * (WEEKS - 1 - week) + (objective + step) % 5)
            yield f"  - {{metric: {key(objective, step)}, at: {at}T09:30+09:00, value: {value:.15g}, by: p{step % 3}}}"
    yield "check_ins:"
    for objective, step in krs:
        for week in range(0 if pace(objective, step) is None else 2):
            note, blockers = SAID[(objective + step + week) % len(SAID)]
            at = TODAY - timedelta(days=7 * week + (objective + step) % 6)
            yield f"  - {{key_result: {key(objective, step)}, at: {at}T10:00+09:00,"
            yield f'     confidence: {(objective + step) % 8 + 2}, note: "{note}", blockers: "{blockers}"}}'


def _kpis(size: Size) -> Iterator[str]:
    yield "kpis:"
    for number in range(2 * min(size.teams, 12) + 1):
        team = f"t{(number + 1) // 2}" if number else "company"
        yield f"  - id: KPI-{number}"
        yield f"    title: {_text(f'월 계약 금액 {number + 1}', f'Contract value a month {number + 1}')}"
        yield f"    team: {team}"
        yield f"    metric: {{unit: USD, name: {_text('월 계약 금액', 'Contract value')}}}"
        yield "    progress: {mode: from_to, baseline: 250, target: 350}"
        yield "    period: month"
        yield "    corridor: {healthy: 320, watch: 280}"
        yield (
            "    owner: p1"
            if False
            else f"    action: {_text('연간 계약을 먼저 제안한다', 'Offer yearly contracts first')}"
        )
