"""Where a site is: its address as people write it, turned into what we send to and what we call it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.errors import Invalid

GATEWAY = "api.atlassian.com"


@dataclass(frozen=True)
class Address:
    """`url` has no trailing slash, no query and no credentials; `name` is host (and port) plus context path."""

    url: str
    name: str

    @property
    def gateway(self) -> bool:
        """Atlassian's gateway for tokens with scopes: good for programs, not for people's browsers."""
        return self.name.split("/")[0] == GATEWAY


def address(url: str, suffix: str = "") -> Address:
    """Read an address; `suffix` (such as `/wiki`) is added where it is missing. Invalid: not a web address."""
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid(f"{url!r} is not the address of a site: write it as https://example.atlassian.net")
    host = parts.netloc.rpartition("@")[2].lower()
    path = parts.path.rstrip("/")
    if suffix and not path.endswith(suffix):
        path += suffix
    return Address(f"{parts.scheme}://{host}{path}", f"{host}{path}")
