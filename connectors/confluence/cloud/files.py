"""The files of pages of a Confluence Cloud site: listed (API v2) and uploaded (API v1)."""

from app.errors import Transient
from app.ports import Attachment
from connectors.confluence.cloud.site import CloudSite, content_path, page_path
from connectors.confluence.files import read_attachment, upload_form
from connectors.http.shapes import a_dict, dicts


class Files(CloudSite):
    """Attachments."""

    def attachments(self, page_id: str) -> list[Attachment]:
        """Source: v2 GET /pages/{id}/attachments; drafts and trashed files are not in it."""
        listed = self._listed(f"{page_path(page_id)}/attachments", {"status": "current"})
        return [
            Attachment(str(sent["id"]), str(sent.get("title") or ""), str(sent.get("comment") or ""))
            for sent in listed
            if sent.get("id")
        ]

    def attach(self, page_id: str, name: str, content: bytes, media_type: str, comment: str) -> Attachment:
        """Source: v1 PUT /content/{id}/child/attachment, which creates or makes a new version. Refusals: Forbidden
        (attachments are switched off, no permission), NotFound (page out of sight, or a file above the site's limit),
        Rejected (413). `minorEdit`: "no notification email or activity stream will be generated".
        """
        path = content_path(page_id, "child/attachment")
        answer = a_dict(self._remote.upload("PUT", path, upload_form(name, content, media_type, comment)))
        for kept in filter(None, map(read_attachment, dicts(answer.get("results")))):
            return kept
        raise Transient(f"Confluence {self.site}: PUT /{path} answered without the file. Try again later.", sent=True)
