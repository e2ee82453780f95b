"""One way to speak HTTP with an outside site: timeouts, retries, rate limits and typed errors in one place."""

from connectors.http.remote import Pace, Remote

__all__ = ["Pace", "Remote"]
