"""What people paste for an address, a space, a list or a day, read as what they meant; Invalid says what to give."""

import re
from datetime import date
from urllib.parse import SplitResult, unquote, urlsplit

from app import settings
from app.db.session import address_of
from app.errors import Invalid

GATEWAY = "api.atlassian.com"
ATLASSIANS = (".atlassian.net", ".jira.com")
LOOPBACK = ("localhost", "127.0.0.1")
PAGES = re.compile(
    "/(jira|wiki|browse|projects?|issues|secure|software|servicedesk|plugins|rest|login|boards|display|spaces"
    "|dashboards|people|welcome|your-work|home)(/|$)"
)
"""Where the paths of Jira's and Confluence's own pages begin; what stands before belongs to the site."""

CONFLUENCE_PAGES = re.compile(
    "/(display|spaces?|pages|x|plugins|rest|login|logout|index|dashboard|homepage|home|label|people|users|download|s)"
    "([/.]|$)"
)
"""The same for Confluence alone, where /wiki can be the path that the site has."""

_HOST = re.compile(r"[\w.-]+|[0-9a-f:]+")
_SPACE = re.compile(r"/(?:spaces|display)/(~?[\w-]+)(?:/|$)")
_SPACE_IN_QUERY = re.compile(r"(?:^|&)(?:key|spaceKey)=(~?[\w-]+)")
_SPACE_KEY = re.compile(r"~?[\w-]+")
_PROJECT_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def site_address(text: str) -> str:
    """The address of a site, or of Jira at the gateway, out of that of any of its pages, or out of its bare name."""
    text = text.strip()
    parts = _split(f"{text}.atlassian.net" if re.fullmatch(r"[\w-]+", text) and text not in LOOPBACK else text)
    host = parts.netloc.rpartition("@")[2].lower()
    if host == GATEWAY:
        return _gateway(parts)
    if host.endswith(".atlassian.com"):
        raise Invalid(f"{host} is Atlassian's own address; give your site's, such as https://example.atlassian.net.")
    if host.endswith(ATLASSIANS):
        return f"https://{host}"
    return f"{parts.scheme}://{host}{_before(parts.path, PAGES)}"


def is_gateway(url: str) -> bool:
    """Whether it is the address for tokens with scopes, where people's browsers get nowhere."""
    return urlsplit(url).hostname == GATEWAY


def beside(jira_url: str) -> str:
    """The address of Confluence as it is on Cloud beside a Jira, on the site itself or at the gateway."""
    if is_gateway(jira_url):
        return jira_url.replace("/ex/jira/", "/ex/confluence/")
    return f"{jira_url}/wiki" if jira_url else ""


def confluence_address(text: str) -> str:
    """As `site_address`: on Atlassian's hosts with the /wiki of Confluence Cloud, elsewhere with whatever stands before
    Confluence's own paths: there it may be a Data Center, and have a path of its own."""
    address = site_address(text)
    if is_atlassians(address):
        return beside(address)
    parts = _split(text)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}{_before(parts.path, CONFLUENCE_PAGES)}"


def is_atlassians(url: str) -> bool:
    """Whether only Cloud can be there; other addresses are asked what they are."""
    return is_gateway(url) or (urlsplit(url).hostname or "").endswith(ATLASSIANS)


def space_key(text: str) -> str:
    """The key of a space out of it, or out of the address of a page in it."""
    if "/" in text:
        parts = urlsplit(text)
        found = _SPACE.search(unquote(parts.path)) or _SPACE_IN_QUERY.search(parts.query)
        if not found:
            raise Invalid("This address names no space. Open the space itself: its address has …/wiki/spaces/KEY/….")
        return found[1]
    if not _SPACE_KEY.fullmatch(text):
        raise Invalid(f"{text!r} is no key of a space: it is the word after /spaces/ in the space's address.")
    return text


def project_keys(text: str) -> str:
    """Keys in capital letters, separated by commas."""
    keys = [part.strip().upper() for part in re.split(r"[,\s]+", text) if part.strip()]
    for key in keys:
        if not _PROJECT_KEY.fullmatch(key):
            raise Invalid(
                f"{key!r} is no project key: give keys such as WEB, MKT, the part of WEB-12 before the hyphen."
            )
    return ",".join(dict.fromkeys(keys))


def day(text: str) -> str:
    """Year, month and day in this order, whatever stands between them."""
    try:
        year, month, day_of_month = map(int, re.findall(r"\d+", text))
        return date(year, month, day_of_month).isoformat()
    except ValueError:
        raise Invalid(f"{text!r} is no day; write it as 2027-06-30.") from None


def account(text: str) -> str:
    """An e-mail address."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise Invalid(f"{text!r} is no e-mail address.")
    return text


def user(text: str) -> str:
    """An e-mail address, or the name of a user of Data Center."""
    if not re.fullmatch(r"[^\s:]+", text):
        raise Invalid(f"{text!r} is neither an e-mail address nor the name of a user.")
    return text


def token(text: str) -> str:
    """As copied, without blanks around it."""
    if not text.isascii() or not text.isprintable() or " " in text:
        raise Invalid("This has characters that no token has. Copy it once more.")
    return text


def database(text: str) -> str:
    """A SQLAlchemy address; the name of a file becomes one of SQLite."""
    if "://" not in text and re.fullmatch(r"[\w./~-]+\.(db|sqlite3?)", text):
        return f"sqlite:///{text}"
    address_of(text)
    return text


def public_address(text: str) -> str:
    """The address at which the service is reached, without the path of the webhook."""
    parts = _split(text)
    return f"{parts.scheme}://{parts.netloc}{parts.path}".removesuffix("/webhooks/jira").rstrip("/")


def languages(text: str) -> str:
    """Their codes, separated by commas."""
    text = text.strip().lower()
    return "ko,en" if text == "both" else _taken("languages", ",".join(re.split(r"[,\s]+", text)))


def time_zone(text: str) -> str:
    """The name of a zone."""
    return _taken("time_zone", text)


def _taken(name: str, text: str) -> str:
    """The text, if the setting takes it."""
    try:
        settings.load(_env_file=None, **{name: text})
    except Invalid as error:
        raise Invalid(error.message.splitlines()[-1].partition(": ")[2] + ".") from None
    return text


def _split(text: str) -> SplitResult:
    """An address as people write it, with the scheme that they left out."""
    address = text.strip().strip("<>\"'")
    if "://" not in address:
        host = re.split(r"[:/]", address)[0]
        address = f"{'http' if host in LOOPBACK else 'https'}://{address}"
    try:
        parts = urlsplit(address)
        usable = parts.port != 0 and parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "")
    except ValueError:
        usable = None
    if not usable:
        raise Invalid(f"{text!r} is no web address; write it as https://example.atlassian.net.")
    return parts


def _gateway(parts: SplitResult) -> str:
    found = re.match(r"/ex/(?:jira|confluence)/([\w-]+)", parts.path)
    if not found:
        raise Invalid(f"The gateway's address is https://{GATEWAY}/ex/jira/<cloud id>; give it with the cloud id.")
    return f"https://{GATEWAY}/ex/jira/{found[1]}"


def _before(path: str, pages: re.Pattern[str]) -> str:
    found = pages.search(path)
    return path[: found.start() if found else len(path)].rstrip("/")
