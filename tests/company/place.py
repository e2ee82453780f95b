"""A company published in this process: a sandbox over HTTP, SQLite in a folder, the service that writes its pages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app import logs, settings
from app.db import migrate
from app.db.session import open_engine
from app.main import put_together
from app.okrs_file import read_text
from app.services import okrs, pages, publish, sync
from app.services.sources import SOURCES
from app.world import World
from connectors.sandbox.confluence import add_space
from connectors.sandbox.jira.seed import add_issue, add_project
from connectors.sandbox.run import running
from connectors.sandbox.site import ADMIN, Site
from tests.company.definitions import FIRST, TODAY, Size, key, okrs_yaml

NOW = datetime.combine(TODAY, time(6, 4), UTC)
ZONE = ZoneInfo("Asia/Seoul")
SUMMARIES = (
    *("랜딩 페이지 실험: 신청 양식 단축", "결제 화면 단순화 A/B 테스트", "Rewrite the onboarding mails"),
    *("첫 방문자 안내 문구 다듬기", "Quarterly review with the ten largest customers", "대시보드 응답 속도 개선"),
)
STATUSES = ("Done", "In Progress", "To Do", "Done", "In Progress")


@dataclass(frozen=True)
class Place:
    site: Site
    world: World
    url: str


@contextmanager
def published(size: Size, folder: Path, languages: str = "ko,en") -> Iterator[Place]:
    """Everything published once, in these languages, on a day in the middle of the cycle."""
    with prepared(size, folder, languages) as place:
        publish.publish(place.world, pages.claim(place.world, pages.known(place.world, None)))
        yield place


@contextmanager
def prepared(size: Size, folder: Path, languages: str = "ko,en") -> Iterator[Place]:
    """The definitions applied and Jira read; nothing published yet."""
    site = Site()
    add_space(site, "OKR", "한빛소프트웨어 · Hanbit Software")
    fill_jira(site, size)
    user = site.store.table("users").get(ADMIN)
    assert user is not None
    with running(site) as url:
        account = {
            f"{product}_{name}": user[key]
            for product in ("jira",)
            for name, key in (("email", "email"), ("token", "token"))
        }
        configured = settings.load(
            database_url=f"sqlite:///{folder / 'company.db'}",
            jira_url=url,
            confluence_url=url,
            confluence_space="OKR",
            languages=languages,
            time_zone="Asia/Seoul",
            throttle_seconds=0,
            log_level="ERROR",
            **account,
        )
        logs.set_up(configured)
        engine = open_engine(configured.database_url)
        migrate.upgrade(engine)
        with put_together(configured, engine) as house:
            world = replace(house.world, now=lambda: NOW)
            okrs.apply(world, read_text(okrs_yaml(size), sources={name: one.parse for name, one in SOURCES.items()}))
            sync.poll(world)
            yield Place(site, world, url)
        engine.dispose()


def fill_jira(site: Site, size: Size) -> None:
    """Some issues for each key result, labelled with its id."""
    project = add_project(site, "HB", "한빛")
    number = 0
    for objective in range(size.objectives):
        for step in range(size.key_results):
            for label in [key(objective, step).lower()] * size.issues:
                number += 1
                _issue(site, project, number, label)


def _issue(site: Site, project: dict[str, object], number: int, label: str) -> None:
    status = STATUSES[number % len(STATUSES)]
    begun = datetime.combine(FIRST + timedelta(days=number % 20), time(10), ZONE)
    ended = begun + timedelta(days=number % 24 + 3)
    add_issue(
        site,
        project,
        f"{SUMMARIES[number % len(SUMMARIES)]} ({number})",
        status=status,
        labels=[label],
        assignee=ADMIN if number % 4 else None,
        created=begun,
        resolved=ended if status == "Done" else None,
    )


def page_ids(world: World) -> Sequence[str]:
    return pages.known(world, None)
