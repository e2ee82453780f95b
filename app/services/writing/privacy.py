"""Private pages: never readable for others, not even for a moment, and never written once somebody opened them."""

from hashlib import sha256

from app.db.models import PageRow
from app.domain import restricting
from app.domain.model import Readers
from app.domain.notes import NOTES_BEGIN, NOTES_END
from app.domain.publishing import Rendered
from app.domain.restricting import Step
from app.domain.straying import STILL_PRIVATE
from app.errors import Invalid, Rejected
from app.ports import Audience, Restrictions
from app.services.outcome import stray
from app.services.writing.writing import Writing


def blank(page_id: str) -> Rendered:
    """A page that tells nothing: what a private one is until it is restricted."""
    sign = sha256(page_id.encode()).hexdigest()[:12]
    body = "<p></p>".join(
        f'<p><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">{name}</ac:parameter>'
        "</ac:structured-macro></p>"
        for name in (NOTES_BEGIN, NOTES_END)
    )
    return Rendered(f"Plainsight {sign}", body, sha256(f"{sign}\n{body}".encode()).hexdigest())


def is_blank(writing: Writing) -> bool:
    """Whether the page stands there as we made it blank, and nobody wrote on it since."""
    row, page = writing.row, writing.page
    is_ours = page is not None and page.version == row.wiki_version
    return is_ours and row.published_at is None and row.digest == blank(writing.id).digest


def asked(writing: Writing) -> Readers:
    """The page's readers by account id. Invalid: one of them has none, so that Confluence cannot be told."""
    readers, people = writing.readers or Readers(), writing.ground.facts.people
    unknown = [one for one in readers.people if one not in people or not people[one].account_id]
    if unknown:
        raise Invalid(
            f"Page {writing.id} is private, and Confluence cannot be told that {', '.join(unknown)} may read it.",
            "Give each of them an `account_id` under `people` in okrs.yaml; nothing is published on it until then.",
        )
    return _known(writing)


def _known(writing: Writing) -> Readers:
    """Those of the page's readers of whom Confluence can be told."""
    readers, people = writing.readers or Readers(), writing.ground.facts.people
    accounts = {people[one].account_id for one in readers.people if one in people}
    return Readers(tuple(sorted(filter(None, accounts))), readers.groups)


def put(row: PageRow) -> Readers | None:
    """The readers that we last put on a page; None: none."""
    kept = row.restricted_to
    return Readers(tuple(kept["people"]), tuple(kept["groups"])) if kept else None


def is_due(writing: Writing) -> bool:
    """Whether the page is there and its readers, by the definitions, are others than those that we put on it. Raises
    Invalid where one of them cannot be told, and those that can be were put on it."""
    row = writing.row
    if row.wiki_id is None:
        return False
    if writing.readers is None:
        return put(row) is not None
    if put(row) != _known(writing):
        return True
    asked(writing)
    return False


def guard(writing: Writing) -> bool:
    """See to it that the page in Confluence is for its readers alone, if it is private. False: somebody opened it wider
    and nobody agreed that it be put right; then nothing may be written on it. Invalid: not all of them can be told to
    Confluence; those that can be were, so that nobody else reads what stood there."""
    if writing.readers is None:
        _let_go(writing)
        return True
    if writing.is_guarded:
        return True
    assert writing.page is not None
    wanted, kept = _known(writing), writing.wiki.restrictions(writing.page.id)
    step = _step(writing, wanted, kept)
    if step is Step.OPENED:
        return False
    if step is Step.RESTRICT:
        _restrict(writing, wanted, kept)
    if put(writing.row) != wanted:
        writing.change(lambda row: _remember(row, writing, wanted))
    asked(writing)
    writing.is_guarded = True
    return True


def _step(writing: Writing, wanted: Readers, kept: Restrictions) -> Step:
    before, us = put(writing.row), writing.ground.account
    return restricting.step(
        _with(us, wanted),
        _with(us, before) if before else None,
        there(kept),
        consent=writing.row.take_over,
    )


def there(kept: Restrictions) -> Readers:
    """Who may read the page now; nobody at all: everybody."""
    return Readers(kept.readers.people, kept.readers.groups)


def _with(account: str, readers: Readers) -> Readers:
    """Our own account always reads along: else it is locked out."""
    return Readers(tuple(sorted({*readers.people, account})), readers.groups)


def _restrict(writing: Writing, wanted: Readers, kept: Restrictions) -> None:
    """Who may change the page stays as it is, but for one that only we may change since it was made. What Confluence
    made of it is read back before anything is written."""
    assert writing.page is not None
    ours = _with(writing.ground.account, wanted)
    editors = Audience() if is_blank(writing) else kept.editors
    restrictions = Restrictions(Audience(ours.people, ours.groups), editors)
    writing.wiki.restrict(writing.page.id, restrictions)
    if restricting.is_wider(there(writing.wiki.restrictions(writing.page.id)), ours):
        raise Rejected(
            f"Confluence did not restrict the private page {writing.id} to its readers, so nothing was written on it.",
            "Look at the page's restrictions in Confluence, and whether our account may set them.",
        )


def _remember(row: PageRow, writing: Writing, wanted: Readers) -> None:
    row.restricted_at = writing.world.now()
    row.restricted_to = {"people": list(wanted.people), "groups": list(wanted.groups)}
    stray(row, STILL_PRIVATE, "")


def _let_go(writing: Writing) -> None:
    """A page that is private no longer: who may read it is people's to say from now on, and they are told so. One that
    was made for us alone, and never got further, is opened: nothing was ever on it, and nobody else could do it."""
    if writing.page is None:
        return
    us_alone = _with(writing.ground.account, Readers()) if is_blank(writing) else None
    if us_alone is not None and there(writing.wiki.restrictions(writing.page.id)) == us_alone:
        writing.wiki.restrict(writing.page.id, Restrictions())
    if writing.row.restricted_to is None:
        return
    is_restricted = bool(writing.wiki.restrictions(writing.page.id).readers)

    def forget(row: PageRow) -> None:
        row.restricted_at, row.restricted_to = None, None
        stray(row, STILL_PRIVATE, "restricted" if is_restricted else "")

    writing.change(forget)
