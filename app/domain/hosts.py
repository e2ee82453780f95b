"""Whether a host is this machine and nothing but this machine."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Of a host, as a name or as an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def names_loopback(address: str) -> bool:
    """Of an address with a host in it, such as http://127.0.0.1:8080 or //localhost; one that is no address is not."""
    try:
        return is_loopback(urlsplit(address).hostname or "")
    except ValueError:
        return False
