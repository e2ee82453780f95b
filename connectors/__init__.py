"""Connectors: how Plainsight speaks to the systems around it; they know only ports, errors and the domain."""
