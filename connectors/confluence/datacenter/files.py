"""Files of the pages of a Confluence Data Center site."""

from app.errors import Rejected, Transient
from app.ports import Attachment
from connectors.confluence.datacenter.site import DataCenterSite, content_path
from connectors.confluence.files import read_attachment, upload_form
from connectors.http.answers import Form
from connectors.http.shapes import dicts


class Files(DataCenterSite):
    """Files: listed, added, replaced."""

    def attachments(self, page_id: str) -> list[Attachment]:
        return self._files(page_id, {})

    def _files(self, page_id: str, only: dict[str, object]) -> list[Attachment]:
        listed = self._listed(f"{content_path(page_id)}/child/attachment", {"expand": "version", **only})
        return list(filter(None, map(read_attachment, listed)))

    def attach(self, page_id: str, name: str, content: bytes, media_type: str, comment: str) -> Attachment:
        """A new file and a new version of one are two calls here: the name is looked up first, and once more where
        somebody added a file of that name in between (400)."""
        form = upload_form(name, content, media_type, comment)
        known = self._named(page_id, name)
        if known is None:
            try:
                return self._upload(f"{content_path(page_id)}/child/attachment", form)
            except Rejected:
                known = self._named(page_id, name)
                if known is None:
                    raise
        return self._upload(f"{content_path(page_id)}/child/attachment/{known.id}/data", form)

    def _named(self, page_id: str, name: str) -> Attachment | None:
        return next((one for one in self._files(page_id, {"filename": name}) if one.name == name), None)

    def _upload(self, path: str, form: Form) -> Attachment:
        """Adding answers with a list of one, replacing with the file itself."""
        answer = self._object(self._remote.upload("POST", path, form), path)
        kept = read_attachment(next(iter(dicts(answer.get("results"))), answer))
        if kept is None:
            raise Transient(
                f"Confluence {self.site}: POST /{path} answered without the file. Try again later.", sent=True
            )
        return kept
