"""What both sites have in common: how they are reached and as whom, until when the token lasts, whose clock is off."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.domain.finding import Finding
from app.errors import AppError, AuthFailed, Forbidden, Rejected, Transient
from app.services.doctor.findings import failed, fine, look, span, wrong
from app.settings import Settings

TOKENS = "https://id.atlassian.com/manage-profile/security/api-tokens"
PROFILE = "Confluence, under your picture: Settings, Personal access tokens"
DATA_CENTER = "Data Center"
EXAMPLE = "https://example.atlassian.net"
SOON = timedelta(days=30)
LITTLE = timedelta(minutes=1)
MUCH = timedelta(minutes=5)
"""As long as a poll reads back (app/services/sync.py): a clock that is further ahead may miss changes."""


def refused(product: str, site: str, settings: Settings, error: AppError, deployment: str = "Cloud") -> Finding:
    """Why a site cannot be spoken to: its address, the token, or the account's rights. `deployment` is empty where it
    is not known."""
    match error:
        case AuthFailed() if not deployment:
            return failed(f"{product} account", error)
        case AuthFailed() if deployment == DATA_CENTER:
            return failed(f"{product} account", error, _data_center_cure(settings))
        case Forbidden() if deployment == DATA_CENTER:
            return failed(f"{product} account", error, f"Let the account use {product} (its global permissions).")
        case AuthFailed():
            return failed(f"{product} account", error, f"{error.cure} {_login_cure(product, settings)}")
        case Forbidden():
            return failed(f"{product} account", error, f"Let the account use {product}: https://admin.atlassian.com.")
        case Rejected() if error.cure:  # a redirect that names the right address
            return failed(f"{product} address", error)
    return failed(f"{product} address", error, _address_cure(product, site, error))


def _login_cure(product: str, settings: Settings) -> str:
    """What the connector cannot know: which variables the e-mail and the token really came from."""
    words = []
    if product == "Confluence" and not settings.confluence_token.get_secret_value():
        words.append("Confluence is asked with Jira's token (PLAINSIGHT_JIRA_TOKEN).")
    email = (settings.confluence_email if product == "Confluence" else "") or settings.jira_email
    if email:
        words.append(f"It was sent with the e-mail {email}, which must be that of the token's account.")
    else:
        words.append("No e-mail is set, so it was sent as a bearer token; API tokens of Atlassian need the e-mail.")
    return " ".join([*words, f"New tokens are made at {TOKENS}."])


def _data_center_cure(settings: Settings) -> str:
    """Data Center takes a personal access token by itself, or a user's name with the password."""
    how = "It was sent as a personal access token."
    if settings.confluence_email:
        how = f"It was sent as the password of the user {settings.confluence_email} (PLAINSIGHT_CONFLUENCE_EMAIL)."
    captcha = "After several refusals Confluence wants to see the account sign in with a browser once."
    return f"Is PLAINSIGHT_CONFLUENCE_TOKEN wrong, ended or revoked? {how} New tokens are made in {PROFILE}. {captcha}"


def _address_cure(product: str, site: str, error: AppError) -> str:
    variable = f"PLAINSIGHT_{product.upper()}_URL"
    what = f"{product} Cloud, such as {EXAMPLE}"
    if product == "Confluence":
        what += ", or of Confluence Data Center, as a browser shows it before /spaces, /display or /pages"
    words = f"Is {variable} right? It leads to {site}. It must be the address of {what}."
    reach = "If it is, can this machine reach it (DNS, firewall, HTTPS_PROXY)?"
    return f"{words} {reach}" if isinstance(error, Transient) else words


def plain_http(product: str, url: str, site: str) -> Iterator[Finding]:
    """A token that travels where anyone on the way can read it; on this machine nobody can."""
    if url.strip().lower().startswith("http://") and site.split(":")[0] not in ("127.0.0.1", "localhost"):
        variable = f"PLAINSIGHT_{product.upper()}_URL"
        yield look(
            f"{product} address",
            "It is asked over http: the token can be read on the way.",
            f"Use https in {variable}.",
        )


def clock(product: str, ahead: timedelta | None) -> Iterator[Finding]:
    """Whether this machine's time is the site's. `ahead`: the site's clock less ours."""
    if ahead is None:
        return
    if abs(ahead) <= LITTLE:
        yield fine("clock", f"This machine and {product} agree on the time.")
        return
    said = f"This machine's clock is {span(ahead)} {'behind' if ahead > timedelta(0) else 'ahead of'} {product}'s."
    cure = (
        "Schedules come at the wrong time, and changes may be missed. Set the clock by NTP (timedatectl set-ntp true)."
    )
    yield wrong("clock", said, cure) if abs(ahead) > MUCH else look("clock", said, cure)


def token_end(product: str, ends_on: date | None, today: date, where: str = TOKENS) -> Finding:
    """When the token ends, as the admin stated it: Atlassian tells nobody. `where` tokens are made and looked at."""
    point, variable = f"{product} token", f"PLAINSIGHT_{product.upper()}_TOKEN_EXPIRES_ON"
    renew = f"Make a new one ({where}) and state its last day in {variable}."
    if ends_on is None:
        said = "Nobody stated when it ends, and Atlassian does not tell."
        return look(point, said, f"Look for the day ({where}) and state it in {variable}, such as {today + SOON}.")
    left = ends_on - today
    if left < timedelta(0):
        return wrong(point, f"According to {variable} it ended on {ends_on}.", renew)
    if left <= SOON:
        return look(point, f"It ends {_in_days(left.days)}, on {ends_on}.", renew)
    return fine(point, f"It lasts until {ends_on}.")


def _in_days(days: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
