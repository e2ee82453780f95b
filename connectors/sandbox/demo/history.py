"""The past of the demo's company, told back from the day of the start: measurements and check-ins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Seoul")
EVENING = time(17, 0)
AFTERWARDS = time(17, 30)


@dataclass(frozen=True)
class Value:
    """One measurement; `by` is a person's id, or empty where Jira's work was counted."""

    metric: str
    at: datetime
    value: Decimal
    by: str


@dataclass(frozen=True)
class Said:
    """One check-in."""

    key_result: str
    at: datetime
    confidence: int
    note: str
    blockers: str


# Metric, who measured, days since the newest value, values a week apart, oldest first.
WEEKLY = (
    ("web-conversion", "jiwon", 2, "2.0 2.0 2.05 2.1 2.1 2.2 2.2 2.3"),
    ("KR-C2", "jiwon", 2, "300 310 330 345 360 370 390 400"),
    ("KR-C3", "minjun", 20, "10 9.8 9.4 9.0 8.5"),
    ("KR-C4", "sujin", 3, "20 19.8 19.5 19.2 18.8 18.5 18.2 18"),
    ("KR-C6", "sujin", 3, "70 71 72 74 75 77 79 80"),
    ("KR-S2", "seoyeon", 1, "20 20 19.8 19.5 19.4 19 18.8 18.5"),
    ("KR-S4", "seoyeon", 1, "30 32 33 35 36 38 39 40"),
    ("KR-S6", "seoyeon", 2, "0 0 0 0 0 0 0 1"),
    ("KR-M2", "doyun", 2, "6 6 7 7 8 8 9 9"),
    ("KR-M3", "haeun", 1, "35 36 36 38 39 40 40 41"),
    ("large-contracts", "seoyeon", 1, "1 2 3 3 4 5 5 6"),
)

# Metric, who measured, values a month apart; the newest was measured yesterday, the others in mid-month.
MONTHLY = (
    ("contract-value", "minjun", "250 252 255 258 262 266 270 275 282 288 294 300"),
    ("resolution-time", "seoyeon", "40 40 39 39 38 37 36 35 33 32 31 30"),
    ("material-cost", "jiwon", "200 200 199 199 198 198 197 197 196 196 195.5 195"),
    ("payroll", "jiwon", "42 42 42 41.5 41.5 41.5 41 41 41 40.5 40.5 40.5"),
)
# The years before the cycle, for metrics that have weekly values since.
EARLIER = (("web-conversion", "jiwon", "1.7 1.7 1.8 1.8 1.9 1.9 1.9 2.0 2.0"),)

# The cycle before: metric, who measured, values a month apart, the last one in its last month.
ENDED = (("KR-P2", "jiwon", "215 240 262"), ("KR-P3", "seoyeon", "7.5 7 6.5"))
# Key result, confidence, note; each on the last day but one.
LAST_WORDS = (
    ("KR-P1", 9, "결제 화면을 바꾼 뒤로 2%를 지키고 있습니다."),
    ("KR-P2", 4, "여름 캠페인이 기대에 못 미쳤습니다."),
    ("KR-P3", 2, "야간 당번이 없어 밤에 온 물음이 늦습니다."),
)

# What the share of work done was, as the issues of jira.yaml were resolved: metric, (days ago, share in %) ….
SHARES = (
    ("KR-M1", ((46, "25"), (29, "50"), (10, "75"))),
    ("KR-S5", ((49, "14.705882"), (32, "38.235294"), (15, "61.764706"))),
    ("KR-M4", ((14, "12.5"),)),
)

# Satisfaction in each whole week of the cycle: seven weeks of 4 or more, then none.
SATISFACTION = ("4.2", "4.1", "4.3", "4.0", "4.2", "4.4", "4.1", "3.8", "3.7", "3.9", "3.8", "3.9")
# Leads of the first and the second month of the cycle, and of the open one so far: (half-way, at its end).
LEADS = (("18", "40"), ("14", "30"), ("5", "12"))

# Key result, days ago, confidence, note, blockers. KR-M5 has none: nobody has said anything yet.
CHECK_INS = (
    ("KR-C1", 9, 6, "결제 단계를 줄인 뒤 모바일 전환이 눈에 띄게 늘었습니다.", ""),
    ("KR-C1", 2, 7, "비회원 구매를 연 첫 주에 2.3%가 되었습니다. 장바구니 알림이 남았습니다.", ""),
    ("KR-C2", 9, 6, "연간 결제 할인이 평균을 끌어올리고 있습니다.", ""),
    ("KR-C2", 2, 6, "팀 요금제가 나가야 450달러를 넘길 수 있습니다.", ""),
    ("KR-C3", 20, 5, "이탈 위험 고객을 미리 찾아 연락하고 있습니다.", ""),
    ("KR-C4", 10, 4, "퇴사 이유 1위는 성장 기회였습니다.", ""),
    ("KR-C4", 3, 4, "면담 교육은 끝났지만 보상 개편안이 늦어집니다.", "보상 개편안의 이사회 승인을 기다리고 있습니다."),
    ("KR-C5", 3, 5, "바쁜 주에 만족도가 내려갑니다. 회고에서 나온 회의 줄이기를 모든 팀에 적용합니다.", ""),
    ("KR-C6", 10, 6, "문항을 절반으로 줄이니 응답이 빨라졌습니다.", ""),
    ("KR-C6", 3, 6, "알림을 보내면 10%p는 더 오를 것으로 봅니다.", ""),
    ("KR-S1", 2, 7, "견적 계산기 없이도 목표에 가까워지고 있습니다.", ""),
    ("KR-S2", 8, 6, "전자 서명으로 하루 반이 줄었습니다.", ""),
    ("KR-S2", 1, 5, "법무 검토 대기가 여전히 사흘입니다.", "법무팀 인원이 한 명 비어 있습니다."),
    ("KR-S3", 8, 7, "파트너 소개로 온 문의가 늘고 있습니다.", ""),
    ("KR-S3", 1, 7, "지난달은 30건으로 모자랐지만 이번 달 문의가 빠릅니다.", ""),
    ("KR-S4", 1, 6, "갱신 60일 전 연락이 효과가 있습니다.", ""),
    ("KR-S5", 2, 8, "연락 기록까지 옮겼습니다. 견적 양식을 옮기는 중입니다.", ""),
    ("KR-S6", 2, 10, "SLA 페이지를 게시했습니다.", ""),
    ("KR-M1", 10, 8, "팟캐스트 방송이 나갔습니다. 세 번째입니다.", ""),
    ("KR-M1", 2, 8, "아침 뉴스 녹화 날짜를 잡고 있습니다.", ""),
    ("KR-M2", 9, 4, "긴 문장으로 찾는 검색에서 먼저 올라가고 있습니다.", ""),
    ("KR-M2", 2, 4, "외부 링크가 절반만 확보되었습니다.", ""),
    ("KR-M3", 8, 4, "뉴스레터 개편 뒤 답장이 두 배가 되었습니다.", ""),
    ("KR-M3", 1, 3, "커뮤니티가 열려야 다음 단계로 갑니다.", "커뮤니티 도구의 보안 검토가 끝나지 않았습니다."),
    ("KR-M4", 4, 2, "인터뷰 일정이 잡히지 않아 한 건에 머물러 있습니다.", "고객사의 공개 승인이 오래 걸립니다."),
)


def values(today: date, starts_on: date) -> list[Value]:
    """All measurements before `today`, oldest first; the cycle starts two months before this month, on `starts_on`."""
    found = [*_weekly(today), *_monthly(today), *_shares(today), *_satisfaction(today, starts_on), *_leads(today)]
    return sorted(found, key=lambda value: (value.at, value.metric))


def check_ins(today: date) -> list[Said]:
    """Oldest first."""
    found = [Said(row[0], _at(today, row[1], AFTERWARDS), *row[2:]) for row in CHECK_INS]
    ended = datetime.combine(month_back(today, 2) - timedelta(days=2), AFTERWARDS, ZONE)
    found += [Said(key_result, ended, confidence, note, "") for key_result, confidence, note in LAST_WORDS]
    return sorted(found, key=lambda said: (said.at, said.key_result))


def month_back(day: date, months: int) -> date:
    """The first day of the month that lies `months` before the day's own."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _at(today: date, days_ago: int, hour: time = EVENING) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), hour, ZONE)


def _weekly(today: date) -> Iterator[Value]:
    for metric, by, newest, series in WEEKLY:
        for weeks_ago, value in enumerate(reversed(series.split())):
            yield Value(metric, _at(today, newest + 7 * weeks_ago), Decimal(value), by)


def _monthly(today: date) -> Iterator[Value]:
    for metric, by, series in MONTHLY:
        *before, newest = series.split()
        yield Value(metric, _at(today, 1), Decimal(newest), by)
        yield from _mid_months(today, metric, by, before, 1)
    for metric, by, series in (*EARLIER, *ENDED):
        yield from _mid_months(today, metric, by, series.split(), 3)


def _mid_months(today: date, metric: str, by: str, series: list[str], newest: int) -> Iterator[Value]:
    for months_ago, value in enumerate(reversed(series), start=newest):
        day = month_back(today, months_ago).replace(day=15)
        yield Value(metric, datetime.combine(day, EVENING, ZONE), Decimal(value), by)


def _shares(today: date) -> Iterator[Value]:
    for metric, steps in SHARES:
        for days_ago, share in steps:
            yield Value(metric, _at(today, days_ago, AFTERWARDS), Decimal(share), "")


def _satisfaction(today: date, starts_on: date) -> Iterator[Value]:
    """On the Friday of each whole week of the cycle that is over."""
    monday = starts_on + timedelta(days=-starts_on.weekday() % 7)
    for value in SATISFACTION:
        if monday + timedelta(days=7) <= today:
            yield Value("KR-C5", datetime.combine(monday + timedelta(days=4), EVENING, ZONE), Decimal(value), "sujin")
        monday += timedelta(days=7)


def _leads(today: date) -> Iterator[Value]:
    """Half-way through each month and at its end; of the open month, what was known by yesterday."""
    for months_ago, (half, whole) in zip((2, 1, 0), LEADS, strict=True):
        first = month_back(today, months_ago)
        end = month_back(today, months_ago - 1) - timedelta(days=1)
        told = {first.replace(day=15): half, min(end, today - timedelta(days=1)): whole}
        for day, value in told.items():
            if first <= day < today:
                yield Value("KR-S3", datetime.combine(day, EVENING, ZONE), Decimal(value), "minjun")
