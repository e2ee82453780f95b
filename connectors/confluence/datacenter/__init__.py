"""Confluence Data Center (versions 7 to 10) as a Wiki: REST v1."""

from connectors.confluence.datacenter.comments import Comments
from connectors.confluence.datacenter.files import Files
from connectors.confluence.datacenter.pages import Pages
from connectors.confluence.datacenter.parts import Parts
from connectors.confluence.datacenter.readers import Readers

__all__ = ["ConfluenceDataCenterWiki"]


class ConfluenceDataCenterWiki(Pages, Parts, Files, Readers, Comments):
    """One Confluence Data Center or Server site; fulfils app.ports.Wiki. Threads may share it.

    The library's own page calls are wrong in several ways (atlassian.md §7.2), so only its transport is used. Source:
    Atlassian's OpenAPI document of 10.0; what older versions do otherwise is told where it matters.
    """
