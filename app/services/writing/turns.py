"""The turns of writing a page: look, decide, act, until nothing is open; then its place and its marks."""

from dataclasses import replace

from app.domain import publishing, storage
from app.domain.publishing import Reason, Rendered
from app.errors import NotFound, Transient
from app.services.outcome import Outcome, inherit, nothing_to_write, settle
from app.services.writing import creation, hanging, marking, moving, privacy, records, updating
from app.services.writing.writing import Writing

TURNS = 8
"""More rounds of asking and deciding than any course of events needs; a page that changes faster can wait."""


def is_due(writing: Writing) -> bool:
    """Whether Confluence must be asked at all: an unchanged page costs no request. Raises Invalid where its readers
    cannot be named to Confluence."""
    by_body = publishing.is_due(writing.known, writing.rendered.digest)
    return by_body or privacy.is_due(writing) or moving.is_due(writing) or hanging.is_due(writing)


def write(writing: Writing) -> Outcome:
    """Raises AppError for what Confluence refuses or fails at; nothing is overwritten, nothing created twice."""
    storage.check(writing.rendered.body)
    writing.refresh()
    _look(writing)
    for _ in range(TURNS):
        outcome = _act(writing, _decide(writing))
        if outcome is not None:
            return _settled(writing, outcome)
    raise Transient(f"Page {writing.id} kept changing while it was being written; it is tried again later.")


def _settled(writing: Writing, outcome: Outcome) -> Outcome:
    if outcome not in (Outcome.CONFLICT, Outcome.LOST):
        moving.follow(writing)
        marking.mark(writing)
        return Outcome.CREATED if writing.is_new else outcome
    return outcome


def _wanted(writing: Writing) -> Rendered:
    """What stands there next: of a private page that is not there yet, something that tells nothing."""
    is_hidden = writing.readers is not None and writing.row.wiki_id is None
    return privacy.blank(writing.id) if is_hidden else writing.rendered


def _look(writing: Writing) -> None:
    """The page as it is now; for a creation whose answer was lost, the page that it made after all."""
    known = writing.known
    if known.page_id is None and known.pending is None:
        with writing.world.session() as session:
            inherit(session, writing.id, writing.rendered.title)
        writing.refresh()
        known = writing.known
    if known.page_id is not None:
        try:
            writing.page = writing.wiki.page(known.page_id)
        except NotFound:
            writing.page = None
    elif known.pending is not None:
        writing.page = creation.found_after_all(writing, known.pending)


def _decide(writing: Writing) -> publishing.Decision:
    known, page = writing.known, writing.page
    account = writing.ground.account if known.pending else ""
    if known.page_id is None and page is not None:
        known = publishing.Known(None, page.space_id, known.title, pending=known.pending)
    wanted = _wanted(writing)
    decision = publishing.decide(publishing.Situation(known, wanted, account, page, writing.versions))
    if isinstance(decision, publishing.Update) and privacy.is_blank(writing):
        return replace(decision, body=writing.rendered.body)  # there is nothing of anybody's to carry over
    return decision


def _act(writing: Writing, decision: publishing.Decision) -> Outcome | None:
    """Carry a decision out; None: decide anew."""
    match decision:
        case publishing.Create():
            return creation.create(writing, _wanted(writing))
        case publishing.Record():
            records.record(writing, decision)
            return None
        case publishing.NeedOurStoredBody(version):
            _fetch(writing, version)
            return None
        case publishing.Lost(reason):
            return writing.leave("lost", reason, Outcome.LOST)
    if not privacy.guard(writing):
        return writing.leave("conflict", Reason.OPENED, Outcome.CONFLICT)
    if not isinstance(decision, publishing.Conflict) and not hanging.hang(writing):
        return None
    match decision:
        case publishing.Update():
            return updating.update(writing, decision)
        case publishing.AdoptVersion(version):
            writing.change(lambda row: settle(row, version))
        case publishing.Skip():
            writing.change(nothing_to_write)
        case publishing.Conflict(reason, detail):
            return writing.leave("conflict", f"{reason}: {detail}" if detail else reason, Outcome.CONFLICT)
    return Outcome.UNCHANGED


def _fetch(writing: Writing, version: int) -> None:
    assert writing.page is not None
    try:
        writing.versions[version] = writing.wiki.page(writing.page.id, version)
    except NotFound:
        writing.versions[version] = None
