"""What the wiki knows and what rules it keeps, apart from how any API words it."""
