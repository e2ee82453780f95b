"""Jira Cloud as an IssueTracker: REST v3 through our policy, with atlassian-python-api as transport."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from atlassian.jira import JiraCloud

from app.domain.batches import batched
from app.domain.model import Issue
from app.errors import AuthFailed, Rejected, Transient
from app.ports import Account, JiraSite, Projects, RateGate
from connectors.http import Pace, Remote
from connectors.http.address import address
from connectors.http.remote import PATIENCE, TIMEOUTS, clock
from connectors.http.shapes import a_dict, a_list, dicts
from connectors.http.transport import Timeouts
from connectors.http.waits import backoff
from connectors.jira.about import read_projects, read_site
from connectors.jira.issues import NEEDED, find_points_fields, read_issue

API = "rest/api/3"
PAGE = 100
PAGE_OF_IDS = 5000
BULK = 100
MATCH_IDS = 100
MATCH_QUERIES = 50
ISSUE_TRIES = 3

log = logging.getLogger(__name__)


class JiraCloudTracker:
    """One Jira Cloud site; fulfils app.ports.IssueTracker. Threads may share it.

    `url` is the site's address, or for tokens with scopes `https://api.atlassian.com/ex/jira/<cloud id>`; then
    `web_url` is the address for people's browsers. Without `email` the token is sent as a bearer token. `points_field`
    is the id of the one story-point field; None: found out once.
    """

    def __init__(
        self,
        url: str,
        token: str,
        email: str | None = None,
        gate: RateGate | None = None,
        *,
        now: Callable[[], datetime] = clock,
        sleep: Callable[[float], None] = time.sleep,
        points_field: str | None = None,
        web_url: str | None = None,
        patience: float = PATIENCE,
        timeouts: Timeouts = TIMEOUTS,
    ) -> None:
        where = address(url)
        pace = Pace(now, sleep, patience, timeouts)
        self._remote = Remote("Jira", where, token, email, gate, pace, client=JiraCloud)
        self._stranger = None if where.gateway else Remote("Jira", where, None, None, gate, replace(pace, tries=2))
        self._web = address(web_url).url if web_url else where.url
        self._points: tuple[str, ...] | None = (points_field,) if points_field else None
        self._points_lock = threading.Lock()

    @property
    def site(self) -> str:
        return self._remote.site

    @property
    def ahead(self) -> timedelta | None:
        return self._remote.ahead if self._remote.ahead is not None or not self._stranger else self._stranger.ahead

    def close(self) -> None:
        self._remote.close()
        if self._stranger:
            self._stranger.close()

    def about(self) -> JiraSite:
        """Asked as nobody, so that a bad token is not counted as a failed login; the gateway answers nobody."""
        return read_site(self._stranger or self._remote)

    def projects(self, keys: Sequence[str] = ()) -> Projects:
        return read_projects(self._remote, keys)

    def points_fields(self) -> Sequence[str]:
        return self._points_fields()

    def myself(self) -> Account:
        """The account of the token. Source: GET /myself."""
        path = f"{API}/myself"
        sent = self._object(self._remote.get(path), path)
        if not sent.get("accountId"):
            raise AuthFailed(
                f"Jira {self.site}: GET /{path} names no account: the token is not accepted. Make a new one."
            )
        name = str(sent.get("displayName") or sent["accountId"])
        return Account(str(sent["accountId"]), name, str(sent.get("timeZone") or "UTC"))

    def search(self, jql: str) -> Iterator[list[Issue]]:
        """Pages of up to 100 issues; an issue that Jira repeats comes once. Source: POST /search/jql.

        The end is where no token comes; an empty page with a token is legal. Jira refuses queries without a condition.
        """
        seen = set[str]()
        for answer in self._answers(jql, self._fields(), PAGE):
            fresh = {issue.id: issue for issue in self._read(answer) if issue.id not in seen}
            seen.update(fresh)
            yield list(fresh.values())

    def ids(self, jql: str) -> Iterator[list[str]]:
        """Pages of up to 5000 ids, which Jira gives where nothing else is asked for. Source: POST /search/jql."""
        seen = set[str]()
        for answer in self._answers(jql, ["id"], PAGE_OF_IDS):
            sent = (str(issue["id"]) for issue in dicts(answer.get("issues")) if issue.get("id"))
            fresh = [issue_id for issue_id in dict.fromkeys(sent) if issue_id not in seen]
            seen.update(fresh)
            yield fresh

    def _answers(self, jql: str, fields: list[str], size: int) -> Iterator[dict[str, Any]]:
        """Jira's pages of one search."""
        path, token, tokens = f"{API}/search/jql", None, set[str]()
        while True:
            body: dict[str, object] = {"jql": jql, "fields": fields, "maxResults": size}
            answer = self._object(self._remote.ask(path, body | ({"nextPageToken": token} if token else {})), path)
            self._warn(answer)
            yield answer
            token = answer.get("nextPageToken")
            if not token:
                return
            if token in tokens:
                raise Transient(f"Jira {self.site}: POST /{path} gave the same page token twice. Search again later.")
            tokens.add(token)

    def issues(self, ids: Sequence[str]) -> list[Issue]:
        """Present state by id or key, in Jira's order. Source: POST /issue/bulkfetch, 100 at a time.

        Absent means unknown: deleted, hidden, or (after three tries, with a line in the log) not readable just now.
        """
        found: list[Issue] = []
        for batch in batched(list(dict.fromkeys(ids)), BULK):
            found.extend(self._bulk(batch))
        return list({issue.id: issue for issue in found}.values())

    def _bulk(self, wanted: Sequence[str]) -> Iterator[Issue]:
        path = f"{API}/issue/bulkfetch"
        for attempt in range(1, ISSUE_TRIES + 1):
            body = {"issueIdsOrKeys": wanted, "fields": self._fields()}
            answer = self._object(self._remote.ask(path, body), path)
            yield from self._read(answer)
            wanted = [str(error["id"]) for error in dicts(answer.get("issueErrors")) if error.get("id")]
            if not wanted:
                return
            if attempt < ISSUE_TRIES:
                self._remote.sleep(backoff(attempt))
        log.warning("Jira %s could not read issues %s: left as they are", self.site, ", ".join(wanted))

    def matches(self, ids: Sequence[str], queries: Sequence[str]) -> list[set[str]]:
        """For each query the ids that match now, out of numeric `ids`. Source: POST /jql/match.

        Rejected: Jira refuses one of the queries (its number, from 1, and Jira's reason are in the message).
        """
        matched: list[set[str]] = [set() for _ in queries]
        numbers = sorted({int(issue_id) for issue_id in ids})
        for some in batched(numbers, MATCH_IDS):
            for numbered in batched(list(enumerate(queries)), MATCH_QUERIES):
                self._match(some, numbered, matched)
        return matched

    def _match(self, ids: Sequence[int], numbered: Sequence[tuple[int, str]], matched: list[set[str]]) -> None:
        """Jira answers 400 above limits that it does not publish: then halves, queries first."""
        path = f"{API}/jql/match"
        try:
            sent = self._remote.ask(path, {"issueIds": ids, "jqls": [query for _, query in numbered]})
        except Rejected:
            if len(numbered) > 1:
                for half in halves(numbered):
                    self._match(ids, half, matched)
            elif len(ids) > 1:
                for some in halves(ids):
                    self._match(some, numbered, matched)
            else:
                raise
            return
        results = dicts(self._object(sent, path).get("matches"))
        if len(results) != len(numbered):
            raise Transient(f"Jira {self.site}: POST /{path} did not answer every query. Ask again later.")
        for (position, _), result in zip(numbered, results, strict=True):
            if result.get("errors"):
                reason = "; ".join(map(str, a_list(result["errors"])))
                raise Rejected(
                    f"Jira {self.site}: POST /{path} refuses query {position + 1}: {reason}. Mend the query."
                )
            matched[position].update(str(issue_id) for issue_id in a_list(result.get("matchedIssues")))

    def check_query(self, jql: str) -> str | None:
        """None, or why Jira would refuse the query. Source: POST /jql/parse, strict, with the token's account."""
        if not jql.strip():
            return "The query is empty."
        path = f"{API}/jql/parse"
        try:
            answer = self._object(self._remote.ask(path, {"queries": [jql]}, {"validation": "strict"}), path)
        except Rejected as error:
            return error.message
        parsed = next(iter(dicts(answer.get("queries"))), {})
        if parsed.get("errors"):
            return "; ".join(map(str, a_list(parsed["errors"])))
        structure = a_dict(parsed.get("structure"))
        if structure and not structure.get("where"):
            return "The query has no condition; Jira searches only with at least one, such as project = ABC."
        return None

    def browse_url(self, key: str) -> str:
        return f"{self._web}/browse/{quote(key, safe='')}"

    def search_url(self, jql: str) -> str:
        return f"{self._web}/issues/?{urlencode({'jql': jql})}"

    def _fields(self) -> list[str]:
        return [*NEEDED, *self._points_fields()]

    def _points_fields(self) -> tuple[str, ...]:
        """Found out once for each client: ids differ from site to site. Source: GET /field."""
        with self._points_lock:
            if self._points is None:
                sent = self._remote.get(f"{API}/field")
                self._points = find_points_fields(dicts(sent))
            return self._points

    def _read(self, answer: dict[str, Any]) -> Iterator[Issue]:
        for sent in dicts(answer.get("issues")):
            issue = read_issue(sent, self._points_fields())
            if issue is None:
                log.warning("Jira %s sent an issue without id or key; left out", self.site)
            else:
                yield issue

    def _warn(self, answer: dict[str, Any]) -> None:
        warnings = a_list(answer.get("warnings"))
        if warnings:  # counted, not shown: they quote the query
            log.warning("Jira %s: a search came with %d warnings", self.site, len(warnings))

    def _object(self, answer: Any, path: str) -> dict[str, Any]:
        if not isinstance(answer, dict):
            raise Transient(f"Jira {self.site}: /{path} answered with something that is not a JSON object. Try later.")
        return answer


def halves(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    middle = len(items) // 2
    return items[:middle], items[middle:]
