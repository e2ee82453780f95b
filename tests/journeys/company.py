"""A small company for journeys: three teams, three key results, and the Jira work and Confluence space they need."""

from connectors.sandbox.confluence import add_space
from connectors.sandbox.jira.seed import add_issue, add_project, add_security_level, link
from connectors.sandbox.site import ADMIN, Site
from connectors.sandbox.store import Document

SERVICE = "712020:plainsight"
EMAIL, TOKEN = "plainsight@example.com", "open-sesame"
SPACE = "OKR"
RED, BLUE = "red", "blue"
SECRET_LEVEL = "Board only"

# KR-1 is measured by hand, KR-2 by issues linked to RED-1, KR-3 by a query.
OKRS = """
organisation:
  name: {ko: 나무, en: Namu}
teams:
  - {id: company, name: {ko: 전사, en: Company}}
  - {id: red, name: {ko: 빨강, en: Red}, parent: company}
  - {id: blue, name: {ko: 파랑, en: Blue}, parent: company}
people:
  - {id: ada, name: {ko: 에이다, en: Ada}, team: company}
  - {id: bo, name: {ko: 보, en: Bo}, team: red}
cycles:
  - {id: 2026-Q4, starts_on: 2026-10-01, ends_on: 2026-12-31}
objectives:
  - id: O-1
    title: {ko: 고객이 남는다, en: Customers stay}
    team: blue
    key_results:
      - id: KR-1
        title: {ko: 이탈률 10% → 5%, en: Churn from 10 % to 5 %}
        owner: ada
        metric: {unit: "%"}
        progress: {mode: from_to, baseline: 10, target: 5}
  - id: O-2
    title: {ko: 빨강이 만든다, en: Red delivers}
    team: red
    key_results:
      - id: KR-2
        title: {ko: 네 가지를 끝낸다, en: Four things finished}
        owner: bo
        metric: {unit: "%", source: jira.share_done}
        progress: {mode: from_to, baseline: 0, target: 100}
        evidence:
          - {link: RED-1, mode: contributing}
  - id: O-3
    title: {ko: 파랑이 출시한다, en: Blue launches}
    team: blue
    supports: KR-1
    key_results:
      - id: KR-3
        title: {ko: 출시 준비, en: Ready to launch}
        owner: ada
        metric: {unit: "%", source: jira.share_done}
        progress: {mode: from_to, baseline: 0, target: 100}
        evidence:
          - {jql: project = BLU AND labels = launch, mode: contributing}
"""
PAGES = """pages:
  - {id: red, kind: team, team: red}
  - {id: blue, kind: team, team: blue}
"""
SMALL = OKRS + PAGES
"""With two pages only, Red's and Blue's, so that tests are quick; OKRS alone has the usual ones."""
HEALTH = "health"
WATCHED = SMALL + f"  - {{id: {HEALTH}, kind: sync_health}}\n"


def fill(site: Site) -> None:
    """RED-2 to RED-5 are linked to RED-1, two of them done; BLU-1 to BLU-4 are labelled, one of them done."""
    site.add_user(EMAIL, "Plainsight", account_id=SERVICE, token=TOKEN, rights=("jira:read", "wiki:read", "wiki:write"))
    add_space(site, SPACE, "Namu")
    add_security_level(site, SECRET_LEVEL, [ADMIN, SERVICE])
    add_project(site, "RED", "Red")
    add_project(site, "BLU", "Blue")
    anchor = add_issue(site, "RED", "Four things finished", "Key Result")
    for number, status in enumerate(("Done", "Done", "In Progress", "To Do"), start=1):
        link(site, "Contributes", add_issue(site, "RED", f"Thing {number}", status=status), anchor)
    for number, status in enumerate(("Done", "In Progress", "To Do", "To Do"), start=1):
        add_issue(site, "BLU", f"Launch step {number}", status=status, labels=["launch"])


def many_teams(count: int) -> str:
    """As many teams, each with one page and one key result, measured by the one issue that carries its label."""
    teams = "".join(f"  - {{id: t{n}, name: Team {n}, parent: company}}\n" for n in range(count))
    pages = "".join(f"  - {{id: p{n}, kind: team, team: t{n}}}\n" for n in range(count))
    objectives = "".join(
        f"  - id: O-{n}\n    title: Objective {n}\n    team: t{n}\n    key_results:\n"
        f"      - {{id: KR-{n}, title: Result {n}, owner: ada,\n"
        f'         metric: {{unit: "%", source: jira.share_done}},\n'
        f"         progress: {{mode: from_to, baseline: 0, target: 100}},\n"
        f"         evidence: [{{keys: [RED-{n + 1}], mode: contributing}}]}}\n"
        for n in range(count)
    )
    return (
        "organisation: {name: Namu}\n"
        f"teams:\n  - {{id: company, name: Company}}\n{teams}"
        "people:\n  - {id: ada, name: Ada}\n"
        "cycles:\n  - {id: 2026-Q4, starts_on: 2026-10-01, ends_on: 2026-12-31}\n"
        f"objectives:\n{objectives}pages:\n{pages}"
    )


def empty_site(site: Site) -> Document:
    """Only the account, the space and the project RED."""
    site.add_user(EMAIL, "Plainsight", account_id=SERVICE, token=TOKEN, rights=("jira:read", "wiki:read", "wiki:write"))
    add_space(site, SPACE, "Namu")
    return add_project(site, "RED", "Red")
