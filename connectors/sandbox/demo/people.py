"""Who works at the demo's company, as users of its Atlassian site."""

from connectors.sandbox.site import Site

SERVICE_ACCOUNT = "712020:demo-plainsight"
"""The account that Plainsight itself uses; its token is in the site's table `users`."""

# id (as in okrs.yaml, where it is there), name
PEOPLE = (
    ("jiwon", "김지원 Jiwon Kim"),
    ("sujin", "한수진 Sujin Han"),
    ("minjun", "이민준 Minjun Lee"),
    ("seoyeon", "박서연 Seoyeon Park"),
    ("haeun", "최하은 Haeun Choi"),
    ("doyun", "정도윤 Doyun Jung"),
    ("yuna", "윤유나 Yuna Yoon"),
    ("taeho", "강태호 Taeho Kang"),
)


def account_of(person: str) -> str:
    return f"712020:demo-{person}"


def add_people(site: Site) -> None:
    """Users with tokens; those that are there keep theirs."""
    for person, name in PEOPLE:
        site.add_user(f"{person}@example.com", name, account_id=account_of(person))
    site.add_user(
        "plainsight@example.com",
        "Plainsight",
        account_id=SERVICE_ACCOUNT,
        rights=("jira:read", "wiki:read", "wiki:write"),
    )
