"""How Confluence Cloud words it over HTTP: v2 for pages, v1 for the rest."""
