"""Tables of what is published: our pages, what is due, and every version we wrote with its report."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, false
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.models.definitions import Definition, Id


class PageRow(Definition, Base):
    """A status page. `due_at`: to be published from then on (None: not due). `next_due_at`: its schedule's next
    time. `claimed_at`: a worker is at it; one that died leaves it behind. `wiki_title`: the title that we last
    rendered, whatever a person made of it. `attempt_*`: a write was begun on that version and its outcome is not
    recorded yet. `state` is `new`, `ok`, `conflict`, `lost` or `failed`, and `problem` says why in one sentence.
    `lost_comments` are inline comments whose text is gone (`ref`, `text`, `context`). `strayed` is what the nightly
    audit found people had done to the page, as `kind` and `detail` (app/domain/straying.py).

    `wiki_parent` is the page that we last put it under. `marked`: it carries our property and labels. `restricted_at`:
    when restrictions were put on it, and `restricted_to` which, as the `people` (by account id) and `groups` that may
    read it. `told_at`: the last write that watchers were told of. `final_at`: its
    cycle is closed and it was written for the last time. `pictures_problem`: why the site took no pictures, when it
    was last tried, at `pictures_refused_at`."""

    __tablename__ = "pages"
    __table_args__ = (Index("ix_pages_due_at", "due_at"), Index("ix_pages_next_due_at", "next_due_at"))

    kind: Mapped[str] = mapped_column(String(32))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    cycle_id: Mapped[str | None] = mapped_column(ForeignKey("cycles.id"))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("pages.id"))
    title_ko: Mapped[str] = mapped_column(LongText())
    title_en: Mapped[str] = mapped_column(LongText())
    languages: Mapped[list[str]] = mapped_column(JSON)
    schedule: Mapped[str] = mapped_column(String(255))
    time_zone: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    wiki_id: Mapped[str | None] = mapped_column(String(64))
    wiki_space: Mapped[str | None] = mapped_column(String(64))
    wiki_version: Mapped[int | None]
    wiki_title: Mapped[str | None] = mapped_column(LongText())
    wiki_url: Mapped[str | None] = mapped_column(LongText())
    digest: Mapped[str | None] = mapped_column(String(64))
    attempt_version: Mapped[int | None]
    attempt_digest: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16), default="new")
    problem: Mapped[str] = mapped_column(LongText(), default="")
    take_over: Mapped[bool] = mapped_column(default=False)
    lost_comments: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    strayed: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    objective_id: Mapped[str | None] = mapped_column(ForeignKey("objectives.id"))
    sections: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    wiki_parent: Mapped[str | None] = mapped_column(String(64))
    marked: Mapped[bool] = mapped_column(default=False, server_default=false())
    restricted_at: Mapped[datetime | None]
    restricted_to: Mapped[dict[str, list[str]] | None] = mapped_column(JSON(none_as_null=True))
    told_at: Mapped[datetime | None]
    final_at: Mapped[datetime | None]
    pictures_refused_at: Mapped[datetime | None]
    pictures_problem: Mapped[str] = mapped_column(LongText(), default="", server_default="")


class PictureRow(Base):
    """A picture that hangs on a page of ours; `digest` is that of what it was drawn from."""

    __tablename__ = "pictures"

    page_id: Mapped[str] = mapped_column(Id, ForeignKey("pages.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


class CommentRow(Base):
    """A comment on a page of ours that holds a command and was read, at `read_at`; identity is the wiki's id. `outcome`
    is `recorded`, `refused` (its author is told why) or `not_ours` (somebody else wrote it, or it was there before the
    channel was switched on: left alone, and its author is not even kept). `answer` is what is to be said below it;
    `answered`: it was said, or there is nothing to say; `problem`: why the wiki did not take it the last time."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_answered", "answered"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    page_id: Mapped[str] = mapped_column(Id, ForeignKey("pages.id"))
    author_id: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime]
    read_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))
    answer: Mapped[str] = mapped_column(LongText(), default="")
    answered: Mapped[bool] = mapped_column(default=False, server_default=false())
    problem: Mapped[str] = mapped_column(LongText(), default="", server_default="")


class CommentChannelRow(Base):
    """A wiki whose comments are read: `open_since` the channel was switched on, `read_at` up to when it was read. No
    row: it is off."""

    __tablename__ = "comment_channels"

    site: Mapped[str] = mapped_column(String(255), primary_key=True)
    open_since: Mapped[datetime]
    read_at: Mapped[datetime]


class PublicationRow(Base):
    """A version that we wrote, with the canonical report it was rendered from."""

    __tablename__ = "publications"
    __table_args__ = (Index("ix_publications_page_id", "page_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[str] = mapped_column(Id, ForeignKey("pages.id"))
    at: Mapped[datetime]
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(LongText())
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
