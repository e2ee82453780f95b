"""How the wiki writes instants."""

from datetime import UTC

from connectors.sandbox.site import Site


def stamp(site: Site) -> str:
    """Now, as `2026-11-23T09:00:00.000Z`."""
    return site.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
