"""Hanging pictures on a page: drawn and uploaded before the body that names them is written, and only what changed."""

from hashlib import sha256

import structlog

from app.db.models import PageRow, PictureRow
from app.domain.picture import Picture
from app.errors import Forbidden, NotFound, Rejected, Unfitting
from app.pictures import draw
from app.services.writing.writing import Writing

log = structlog.get_logger(__name__)
MEDIA_TYPE = "image/png"


def is_due(writing: Writing) -> bool:
    """Whether a picture of the page changed, or somebody deleted it."""
    return bool(_missing(writing))


def hang(writing: Writing) -> bool:
    """Draw and upload what does not hang there as it should. False: the site takes no files there, or they cannot be
    drawn here; its row says why, and the page was prepared again without pictures.

    A picture that was uploaded but not written down (a crash, a lost answer) is uploaded once more: a new version of
    the same file. Raises AuthFailed, Transient and RetryAfter, as for any other failure of the page.
    """
    for picture in _missing(writing):
        try:
            drawn, sign = draw(picture), f"[{picture.digest[:8]}]"
            writing.wiki.attach(_place(writing), picture.name, drawn, MEDIA_TYPE, sign)
        except (Forbidden, NotFound, Rejected, Unfitting) as error:
            log.warning("page without pictures", page=writing.id, reason=error.message)
            _refuse(writing, error.message)
            return False
        _record(writing, picture)
    return True


def _place(writing: Writing) -> str:
    wiki_id = writing.row.wiki_id
    assert wiki_id is not None, writing.id
    return wiki_id


def _missing(writing: Writing) -> list[Picture]:
    hung = writing.ground.hung
    return [one for one in writing.rendered.pictures if hung.get((writing.id, one.name)) != _digest(writing, one)]


def _digest(writing: Writing, picture: Picture) -> str:
    """Of what is drawn, and where it hangs: a page that was made anew has none of its pictures."""
    return sha256(f"{_place(writing)}:{picture.digest}".encode()).hexdigest()


def _record(writing: Writing, picture: Picture) -> None:
    digest = _digest(writing, picture)
    with writing.world.session() as session:
        session.merge(PictureRow(page_id=writing.id, name=picture.name, digest=digest))
        row = session.get_one(PageRow, writing.id)
        row.pictures_refused_at, row.pictures_problem = None, ""
    writing.ground.keep(row)
    writing.ground.hung[writing.id, picture.name] = digest


def _refuse(writing: Writing, why: str) -> None:
    def note(row: PageRow) -> None:
        row.pictures_refused_at, row.pictures_problem = writing.world.now(), why[:2000]

    writing.change(note)
    writing.prepare_again()
