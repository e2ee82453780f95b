"""build(): the one value that a page is rendered from, out of facts and how they stand."""

from app.domain.page_kinds import PAGE_KINDS
from app.domain.report.build import Moment, build
from app.domain.report.canonical import canonical, plain, read

__all__ = ["PAGE_KINDS", "Moment", "build", "canonical", "plain", "read"]
