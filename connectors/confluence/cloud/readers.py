"""Who may see and who may change a page of a Confluence Cloud site. Source: API v1, which has it alone."""

from collections.abc import Iterable

from app.errors import Rejected
from app.ports import Audience, Restrictions
from connectors.confluence.cloud.site import V1, CloudSite, content_path
from connectors.confluence.people import audience
from connectors.http.shapes import dicts

PAGE = 100
"""People, and groups, that one answer holds of each operation."""


class Readers(CloudSite):
    """Restrictions."""

    def restrictions(self, page_id: str) -> Restrictions:
        """Source: v1 GET /content/{id}/restriction. One request per hundred people or groups."""
        path, start, found = content_path(page_id, "restriction"), 0, dict[str, list[Audience]]()
        while True:
            sent = self._object(self._remote.get(path, {"start": start, "limit": PAGE}), path)
            told = {str(one.get("operation")): audience(one) for one in dicts(sent.get("results"))}
            for operation, who in told.items():
                found.setdefault(operation, []).append(who)
            if not any(len(who.people) >= PAGE or len(who.groups) >= PAGE for who in told.values()):
                return Restrictions(_joined(found.get("read", [])), _joined(found.get("update", [])))
            start += PAGE

    def restrict(self, page_id: str, restrictions: Restrictions) -> None:
        """Source: v1 PUT /content/{id}/restriction, "removes the existing restrictions and replaces them"; DELETE where
        none are left. Groups are sent by their ids. NotFound: the page is out of sight, or we may not restrict it;
        Rejected: a group that there is not, or somebody whom Confluence does not know.
        """
        path, wanted = content_path(page_id, "restriction"), {"read": restrictions.readers}
        wanted["update"] = restrictions.editors
        wanted = {operation: who for operation, who in wanted.items() if who}
        if not wanted:
            self._remote.delete(path)
            return
        own = self.myself().id
        self._remote.put(path, [self._restriction(operation, who, own) for operation, who in wanted.items()])

    def _restriction(self, operation: str, who: Audience, own: str) -> dict[str, object]:
        """Our own account among them: without it we would lock ourselves out."""
        people = [{"type": "known", "accountId": one} for one in dict.fromkeys((*who.people, own))]
        groups = [{"type": "group", "id": self._group_id(name)} for name in dict.fromkeys(who.groups)]
        told: dict[str, object] = {"user": people}
        return {"operation": operation, "restrictions": told | ({"group": groups} if groups else {})}

    def _group_id(self, name: str) -> str:
        """Source: v1 GET /group/picker, which finds groups by a part of their name, 200 at most."""
        path = f"{V1}/group/picker"
        sent = self._object(self._remote.get(path, {"query": name, "limit": 200}), path)
        for group in dicts(sent.get("results")):
            if str(group.get("name")).casefold() == name.casefold():
                return str(group["id"])
        raise Rejected(
            f"Confluence {self.site}: there is no group named {name!r}, or the account may not see it.",
            "Write its name as the site's administration has it.",
        )


def _joined(several: Iterable[Audience]) -> Audience:
    several = tuple(several)
    people = (one for who in several for one in who.people)
    return Audience(tuple(people), tuple(name for who in several for name in who.groups))
