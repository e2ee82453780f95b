"""The whole examination, in the order in which an admin would mend things."""

from collections.abc import Collection, Generator, Iterator

from app.domain.finding import Finding
from app.errors import AuthFailed
from app.ports import Account
from app.services.doctor.account import DATA_CENTER
from app.services.doctor.evidence import check_our_pages, check_projects
from app.services.doctor.findings import look, wrong
from app.services.doctor.jira import Met, check_jira
from app.services.doctor.service import check_service
from app.services.doctor.webhooks import check_webhooks
from app.services.doctor.wiki import check_confluence
from app.settings import Settings
from app.world import Sites, World


def examine(world: World, without: Collection[str] = ()) -> Iterator[Finding]:
    """Both sites and the service itself, one finding at a time; `without` names products (`jira`, `confluence`) of
    which enough was said. Raises no AppError; SQLAlchemyError where the database stops answering."""
    jira, confluence = yield from check_sites(world.sites, without)
    if isinstance(jira, Account):
        yield from check_projects(world)
    if isinstance(confluence, Account):
        yield from check_our_pages(world)
    yield from check_webhooks(world)
    yield from check_service(world)


def check_sites(sites: Sites, without: Collection[str] = ()) -> Generator[Finding, None, tuple[Met, Met]]:
    """Both sites, without a database. A token that Jira has just refused is not tried on Confluence as well."""
    jira: Met = None
    if sites.jira is None and sites.wiki is None and not without:
        yield wrong("settings", "No site is set yet.", "Run `plainsight init`, which asks for what is needed.")
        return None, None
    if "jira" not in without:
        jira = yield from check_jira(sites)
    if "confluence" in without:
        return jira, None
    if sites.wiki is not None and isinstance(jira, AuthFailed) and _one_login(sites.settings):
        said = "Not asked: it has the same token, and refused logins lock an account."
        yield look("Confluence", said, "Mend Jira's token first, and look again.")
        return jira, None
    confluence = yield from check_confluence(sites)
    if isinstance(jira, Account) and isinstance(confluence, Account) and _strangers(sites, jira, confluence):
        said = f"Jira is read as {jira.name}, Confluence is written as {confluence.name}."
        yield look(
            "accounts", said, "Well if it is meant: then each needs its own rights, and each token ends by itself."
        )
    return jira, confluence


def _strangers(sites: Sites, jira: Account, confluence: Account) -> bool:
    """Whether one site knows the account as somebody else than the other does; Data Center has accounts of its own."""
    return jira.id != confluence.id and sites.wiki is not None and sites.wiki.deployment() != DATA_CENTER


def _one_login(settings: Settings) -> bool:
    """Whether both sites are asked with the same e-mail and token."""
    token, email = settings.confluence_token.get_secret_value(), settings.confluence_email
    return token in ("", settings.jira_token.get_secret_value()) and email in ("", settings.jira_email)
