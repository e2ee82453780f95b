"""Confluence Cloud as a Wiki: REST v2, and v1 for what v2 lacks (labels, moves, uploads, restrictions, search)."""

from connectors.confluence.cloud.comments import Comments
from connectors.confluence.cloud.files import Files
from connectors.confluence.cloud.pages import Pages
from connectors.confluence.cloud.parts import Parts
from connectors.confluence.cloud.readers import Readers

__all__ = ["ConfluenceCloudWiki"]


class ConfluenceCloudWiki(Pages, Parts, Files, Readers, Comments):
    """One Confluence Cloud site; fulfils app.ports.Wiki. Threads may share it.

    The library's own page calls are wrong in several ways (atlassian.md §7.2), so only its transport is used. Each of
    the classes it is made of holds the calls of one matter; `CloudSite` below them speaks with the site.
    """
