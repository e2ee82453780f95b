"""The sandbox site itself: its store, its people and tokens, its clock, and what has been asked of it."""

import base64
import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from connectors.sandbox.store import Document, Store

ADMIN = "712020:00000000-0000-4000-8000-000000000001"
ADMIN_RIGHTS = ("jira:read", "jira:write", "jira:admin", "wiki:read", "wiki:write")

Part = TypeVar("Part")


@dataclass(frozen=True)
class Asked:
    """One request the site answered, for tests that count."""

    method: str
    path: str
    query: str
    status: int


@dataclass
class Site:
    """State of one site. `base_url` is set once the address is known; `faults` is what the control API switched on.

    Times in seconds: `index_delay` until a search sees a change, `retry_delay` before a webhook is sent again (doubled
    each time), `webhook_timeout` for one attempt. `page_size_cap` is the largest search page when fields are asked.
    """

    store: Store = field(default_factory=Store)
    base_url: str = "http://127.0.0.1:0"
    language: str = "en"
    index_delay: float = 0.0
    page_size_cap: int = 100
    retry_delay: float = 0.5
    webhook_timeout: float = 10.0
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    asked: deque[Asked] = field(default_factory=lambda: deque(maxlen=200_000))
    faults: list[dict[str, Any]] = field(default_factory=list)
    faults_lock: threading.Lock = field(default_factory=threading.Lock)
    parts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ensure_admin()

    def _ensure_admin(self) -> None:
        if ADMIN not in self.store.table("users"):
            self.add_user("admin@example.com", "Site Admin", account_id=ADMIN, rights=ADMIN_RIGHTS)

    def part(self, name: str, make: "Callable[[Site], Part]") -> "Part":
        """What a half of the site keeps in memory beside its tables (derived maps, caches), made on first use."""
        with self.store.lock:
            if name not in self.parts:
                self.parts[name] = make(self)
            made: Part = self.parts[name]
            return made

    def reset(self) -> None:
        """Forget every document, fault and request; the admin comes back with a new token."""
        with self.store.lock, self.faults_lock:
            self.store.clear()
            for part in self.parts.values():
                if hasattr(part, "close"):
                    part.close()
            self.parts.clear()
            self.faults.clear()
            self.asked.clear()
            self._ensure_admin()

    def add_user(
        self,
        email: str,
        display_name: str,
        *,
        account_id: str | None = None,
        token: str | None = None,
        rights: tuple[str, ...] = ("jira:read", "jira:write", "wiki:read", "wiki:write"),
        time_zone: str = "Asia/Seoul",
    ) -> Document:
        """Create or update a user. A token of `None` keeps the present one, or makes a new one."""
        account_id = account_id or f"712020:{secrets.token_hex(12)}"
        known = self.store.table("users").get(account_id) or {}
        return self.store.table("users").put(
            account_id,
            {
                "accountId": account_id,
                "email": email,
                "displayName": display_name,
                "token": token or known.get("token") or secrets.token_urlsafe(24),
                "rights": list(rights),
                "timeZone": time_zone,
                "active": True,
            },
        )

    def user_of(self, authorization: str | None) -> Document | None:
        """The user that an Authorization header names (Basic e-mail:token, or Bearer token), or None."""
        if not authorization:
            return None
        scheme, _, rest = authorization.partition(" ")
        for user in self.store.table("users"):
            if scheme.lower() == "bearer" and secrets.compare_digest(rest.encode(), user["token"].encode()):
                return user
            basic = base64.b64encode(f"{user['email']}:{user['token']}".encode())
            if scheme.lower() == "basic" and secrets.compare_digest(rest.encode(), basic):
                return user
        return None
