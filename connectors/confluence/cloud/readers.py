"""Who may see and who may change a page of a Confluence Cloud site. Source: API v1, which has it alone."""

from collections.abc import Iterable
from typing import Any

from app.errors import Rejected
from app.ports import Audience, Restrictions
from connectors.confluence.cloud.site import V1, CloudSite, content_path
from connectors.confluence.people import audience
from connectors.http.shapes import a_dict, dicts

PAGE = 100
"""People, and groups, that one answer holds of each operation."""
GROUPS = 200
"""Groups that one answer of the picker holds."""


class Readers(CloudSite):
    """Restrictions."""

    def restrictions(self, page_id: str) -> Restrictions:
        """Source: v1 GET /content/{id}/restriction. One request per hundred people or groups, or per as many as the
        site gives ("may be restricted by fixed system limits")."""
        path, start, found = content_path(page_id, "restriction"), 0, dict[str, list[Audience]]()
        while True:
            sent = self._object(self._remote.get(path, {"start": start, "limit": PAGE}), path)
            told = dicts(sent.get("results"))
            for one in told:
                found.setdefault(str(one.get("operation")), []).append(audience(one))
            full = max(map(_full, told), default=0)
            if not full:
                return Restrictions(_joined(found.get("read", [])), _joined(found.get("update", [])))
            start += full

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
        """Source: v1 GET /group/picker, which finds groups by a part of their name, 200 in a request at most."""
        path, start = f"{V1}/group/picker", 0
        while True:
            sent = self._object(self._remote.get(path, {"query": name, "start": start, "limit": GROUPS}), path)
            groups = dicts(sent.get("results"))
            for group in groups:
                if str(group.get("name")).casefold() == name.casefold():
                    return str(group["id"])
            if len(groups) < _limit(sent, GROUPS):
                break
            start += len(groups)
        raise Rejected(
            f"Confluence {self.site}: there is no group named {name!r}, or the account may not see it.",
            "Write its name as the site's administration has it.",
        )


def _full(sent: dict[str, Any]) -> int:
    """How many people, or groups, stand in an answer that may have left some out; 0: it is the last one."""
    told = a_dict(sent.get("restrictions"))
    parts = [a_dict(told.get(kind)) for kind in ("user", "group")]
    counts = [(len(dicts(part.get("results"))), _limit(part, PAGE)) for part in parts]
    return max((count for count, limit in counts if count >= limit), default=0)


def _limit(sent: dict[str, Any], asked: int) -> int:
    """How many the site gives at most, by its own word; at least one, so that reading on comes to an end."""
    told = sent.get("limit")
    return max(1, min(asked, told)) if isinstance(told, int) else asked


def _joined(several: Iterable[Audience]) -> Audience:
    several = tuple(several)
    people = (one for who in several for one in who.people)
    return Audience(tuple(people), tuple(name for who in several for name in who.groups))
