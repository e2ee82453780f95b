"""The demo's content: a company with OKRs, KPIs and a past, and the Jira and Confluence that belong to it."""

from connectors.sandbox.demo.okrs import cycle_of, write_okrs
from connectors.sandbox.demo.people import SERVICE_ACCOUNT
from connectors.sandbox.demo.seed import SPACE_KEY, seed

__all__ = ["SERVICE_ACCOUNT", "SPACE_KEY", "cycle_of", "seed", "write_okrs"]
