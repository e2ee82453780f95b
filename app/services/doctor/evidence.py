"""Evidence and pages held against the sites: does the account see what key results name, and may it edit our pages?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from app.db import issues as store
from app.db.models import PageRow
from app.domain import jql
from app.domain.finding import Finding
from app.domain.model import EvidenceKind
from app.errors import AppError
from app.services.doctor.findings import failed, fine, look, tried, wrong
from app.services.doctor.wiki import UPDATE
from app.world import World

ASKED = 50
"""Projects and pages that are asked for one by one."""


def check_projects(world: World) -> Iterator[Finding]:
    """Projects that evidence names: are they to be read at all, and does the account see them?"""
    named = _named(world)
    if not named:
        return
    known = tried(lambda: world.need_jira().projects(world.settings.projects))
    if isinstance(known, AppError):
        yield failed("evidence", known)
        return
    seen = {word.upper() for project in known.some for word in (project.key, project.name)}
    for project in sorted(named.keys() - seen)[:ASKED]:
        yield from _project(world, project, named[project])


def _project(world: World, project: str, key_results: Sequence[str]) -> Iterator[Finding]:
    whose = f"which the evidence of {', '.join(key_results)} names"
    if world.settings.projects:
        said = f"PLAINSIGHT_PROJECTS leaves out the project {project}, {whose}: nothing of it is counted."
        yield wrong("evidence", said, "Add it there, or name another project in okrs.yaml.")
        return
    reason = tried(lambda: world.need_jira().check_query(jql.one_of("project", [project])))
    if isinstance(reason, AppError):
        yield failed("evidence", reason)
    elif reason is not None:
        said = f"The account does not see the project {project}, {whose}."
        yield wrong("evidence", said, "Mend okrs.yaml, or give the account the permission Browse Projects there.")


def _named(world: World) -> Mapping[str, list[str]]:
    """Projects, in capitals, and the key results of running cycles whose evidence names them."""
    found: dict[str, list[str]] = defaultdict(list)
    with world.reading() as session:
        for row in sorted(store.evidence_of_open_cycles(session), key=lambda row: row.key_result_id):
            for project in _projects(EvidenceKind(row.kind), row.value):
                if row.key_result_id not in found[project]:
                    found[project].append(row.key_result_id)
    return found


def _projects(kind: EvidenceKind, value: str) -> set[str]:
    match kind:
        case EvidenceKind.JQL:
            return jql.projects_named(value)
        case EvidenceKind.PROJECT:
            return {value.upper()}
        case EvidenceKind.KEYS | EvidenceKind.EPIC | EvidenceKind.LINK:
            return {key.rpartition("-")[0].upper() for key in value.split()} - {""}
    return set()


def check_our_pages(world: World) -> Iterator[Finding]:
    """Whether the account may still edit the pages that it made: a restriction, or another account since then."""
    question = select(PageRow).where(
        PageRow.archived_at.is_(None), PageRow.wiki_id.is_not(None), PageRow.state != "lost"
    )
    with world.reading() as session:
        rows = list(session.scalars(question.order_by(PageRow.position).limit(ASKED)))
    locked: list[str] = []
    untold: list[str] = []
    for row in rows:
        operations = tried(lambda row=row: world.need_wiki().page_operations(row.wiki_id or ""))  # type: ignore[misc]
        if isinstance(operations, AppError):
            yield failed("Confluence pages", operations)
            return
        if UPDATE not in operations:
            (locked if operations else untold).append(row.id)
    if untold:
        said = f"Confluence does not tell what the account may do with our pages {', '.join(untold)}."
        yield look("Confluence pages", said, "Can the account open and edit them in a browser?")
    if locked:
        cure = "Lift the restriction in Confluence (the lock above the page), or add the account to it."
        yield wrong("Confluence pages", f"The account may not edit our pages {', '.join(locked)}.", cure)
    elif rows and not untold:
        yield fine("Confluence pages", f"The account may edit our pages ({len(rows)} looked at).")
