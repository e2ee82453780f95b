"""Who may do what on a Confluence Data Center site: restrictions of pages, and what our own account may do."""

from dataclasses import replace

from app.errors import NotFound, Rejected
from app.ports import Audience, Operation, Restrictions
from connectors.confluence.datacenter.content import operations, read_restrictions, restriction
from connectors.confluence.datacenter.site import DataCenterSite, content_path

BOTH = ",".join(f"{operation}.restrictions.{kind}" for operation in ("read", "update") for kind in ("user", "group"))


class Readers(DataCenterSite):
    """Restrictions and rights."""

    def page_operations(self, page_id: str) -> frozenset[Operation]:
        path = content_path(page_id)
        return operations(self._object(self._remote.get(path, {"expand": "operations"}), path))

    def space_operations(self, space_id: str) -> frozenset[Operation]:
        """Data Center tells them to administrators alone, so they are inferred from the home page: the permission to
        add pages is the one to edit pages. Empty where restrictions of the home page itself would mislead."""
        home = self.space(space_id).homepage_id
        if home is None:
            return frozenset()
        if ("update", "page") in self.page_operations(home):
            return frozenset({("read", "space"), ("create", "page")})
        return frozenset() if self.restrictions(home).editors else frozenset({("read", "space")})

    def restrictions(self, page_id: str) -> Restrictions:
        path = f"{content_path(page_id)}/restriction/byOperation"
        return read_restrictions(self._object(self._remote.get(path, {"expand": BOTH}), path))

    def restrict(self, page_id: str, restrictions: Restrictions) -> None:
        """In older versions (7.19 for one) the call is an experimental one, and the later one answers 404 or 405."""
        me = self.myself().id
        readers, editors = _with(restrictions.readers, me), _with(restrictions.editors, me)
        body = [restriction("read", readers), restriction("update", editors)]
        path = f"{content_path(page_id)}/restriction"
        try:
            self._remote.put(path, body)
        except (NotFound, Rejected) as refused:
            try:
                self._remote.put(path.replace("rest/api", "rest/experimental", 1), body)
            except (NotFound, Rejected) as error:
                if isinstance(error, NotFound) or "answered 405" in error.message:  # newer ones do not have that call
                    raise refused from None
                raise


def _with(who: Audience, own_id: str) -> Audience:
    """An account that is not among those who may locks itself out; where everybody may there is no list."""
    if not who or own_id in who.people:
        return who
    return replace(who, people=(*who.people, own_id))
