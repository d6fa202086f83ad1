"""A client of Heddle in one file, for Python 3.9 and later. It needs the standard library only: copy it.

    client = Client("http://127.0.0.1:8000")
    session = client.create(message="What is a heddle?")
    for id, event in session.events():
        if event["type"] == "content":
            print(event["data"], end="", flush=True)
        if event["type"] == "message_end":
            break

A message is sent once, however often the network fails. Each event comes once, in order, across reconnects.
PROTOCOL.md of Heddle describes the routes and the events. Times are in seconds.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import logging
import math
import random
import re
import secrets
import time
from collections import deque
from contextlib import asynccontextmanager, contextmanager
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from importlib import import_module
from typing import Any, AsyncIterator, Callable, Iterator, NamedTuple, Optional, TypeVar, Union
from urllib.parse import quote, urlencode, urlsplit

T = TypeVar("T")
Json = dict[str, Any]
Item = tuple[Optional[str], Json]  # the id of an entry, and its event; events about the stream have no id
Content = Union[str, list[Json]]  # a text, or parts: text, image, file
Token = Union[str, Callable[[], str], None]
Header = Callable[[str], Optional[str]]  # returns a header of a response by its name

FIRST, BASE, CEILING = 0.25, 0.5, 30.0  # the longest wait after one failure, after two, and of all
ATTEMPTS, WINDOW = 5, 10.0  # the most attempts in any window of so many seconds
TRIES = 6  # how often one request is sent at most; a stream is tried for ever
STRANGERS = 10  # how many refusals of other servers end a stream, if no Heddle server ever answered
LARGEST = 16 * 1024 * 1024  # the most characters of one event

log = logging.getLogger("heddle")


class HeddleError(Exception):
    """A failure that the client does not recover from by itself.

    `code` is the server's own (`not_found`, `busy`, `queue_full` and so on) or one of the client's:
    `unreachable` (tried as often as allowed), `bad_response` (not what the protocol says), `gap` (entries are
    missing), `refused` (a status without a known reason). `status` is the HTTP status, if there is one.
    """

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.status = code, status


class Frame(NamedTuple):
    """One server-sent event. `id` is None if the frame itself has no id."""

    id: str | None
    event: str
    data: str


class Frames:
    """Parses one event stream (HTML standard, section 9.2.6) from chunks of any size. It does no I/O."""

    def __init__(self) -> None:
        self.last_id = ""  # the stream's last event id: a frame without an id leaves it as it is
        self.retry: float | None = None  # the last `retry:`, in milliseconds
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")  # drops one BOM
        self._after_cr = False
        self._rest: list[str] = []  # the pieces of the line that has no end yet
        self._size = 0
        self._id: str | None = None
        self._event = ""
        self._data: list[str] = []

    def push(self, chunk: bytes) -> list[Frame]:
        """Returns the frames that a chunk completes. Raises `bad_response` if an event is too long."""
        text = self._decoder.decode(chunk)
        if not text:
            return []
        begin = 1 if self._after_cr and text[0] == "\n" else 0
        self._after_cr = text[-1] == "\r"
        *lines, rest = re.split("\r\n|\n|\r", text[begin:])
        if lines:
            lines[0] = "".join(self._rest) + lines[0]
            self._rest = []
        self._rest.append(rest)
        self._size += len(text)
        frames = [frame for frame in map(self._read, lines) if frame]
        if self._size > LARGEST:
            raise HeddleError("bad_response", "The server sent an event that is too long.")
        return frames

    def _read(self, line: str) -> Frame | None:
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if not line:
            return self._dispatch()
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = float(value)
        return None

    def _dispatch(self) -> Frame | None:
        frame = Frame(self._id, self._event or "message", "\n".join(self._data)) if self._data else None
        self.last_id = self.last_id if self._id is None else self._id
        self._id, self._event, self._data, self._size = None, "", [], 0
        return frame


class Sent(NamedTuple):
    """The receipt of a message: its name, the turn that answers it, and the id of its entry."""

    message: str
    turn: str
    id: str


class Client:
    """A client of one Heddle server. It keeps no connection, so threads may share it.

    `url` is the server's, up to its routes. `token` is sent as `Authorization: Bearer`; a function is called
    before each attempt, so that it can renew the token. A connection that is silent for `silence` is dead.
    """

    def __init__(self, url: str, token: Token = None, silence: float = 45.0) -> None:
        at = urlsplit(url.rstrip("/"))
        if at.scheme not in ("http", "https") or not at.hostname or at.username or at.query or at.fragment:
            raise ValueError("A url such as 'http://127.0.0.1:8000' is needed.")
        self.url, self.token, self.silence = at.geturl(), token, silence
        self._connect = HTTPSConnection if at.scheme == "https" else HTTPConnection
        self._host, self._base = at.hostname, at.path
        # Without a port, http.client takes the end of an IPv6 address for one.
        self._port = at.port or (443 if at.scheme == "https" else 80)

    def create(self, metadata: Any = None, message: Content | None = None, key: str | None = None) -> Session:
        """Creates a session. With a first message both exist or neither; `session.sent` is its receipt."""
        body = _given(metadata=metadata, message=None if message is None else {"content": message})

        def decode(made: Json) -> Session:
            return Session(self, made["session_id"], _to_sent(made) if "message" in body else None)

        return self._call("POST", "/session", decode, body, key)

    def session(self, id: str) -> Session:
        """Returns the handle of a session by its id. It sends no request."""
        return Session(self, id)

    def sessions(self) -> Iterator[Json]:
        """Yields the caller's sessions, last active first: `session_id`, `active_at`, `title` and so on."""
        before: str | None = ""
        while before is not None:
            path = f"/sessions?before={quote(before)}" if before else "/sessions"
            rows, before = self._call("GET", path, lambda page: (page["sessions"], page.get("next")))
            yield from rows

    def _call(
        self, method: str, path: str, decode: Callable[[Any], T], body: Any = None, key: str | None = None
    ) -> T:
        """Sends a request that is safe to repeat until it is answered, and decodes the answer."""
        headers = {"accept": "application/json"}
        if method == "POST":
            headers["content-type"] = "application/json"
            headers["idempotency-key"] = key or secrets.token_hex(16)
        data = None if body is None else json.dumps(body).encode()
        attempts = _Attempts(self, TRIES, headers)
        while True:
            try:
                with self._request(method, path, attempts.begin(), data) as response:
                    status, text = response.status, response.read()
            except (OSError, HTTPException) as error:
                wait = attempts.lost(error)
            else:
                if not 200 <= status < 300:
                    wait = attempts.refused(status, response.getheader, text)
                else:
                    try:
                        return decode(json.loads(text or b"null"))
                    except (LookupError, TypeError, ValueError):
                        # A stranger answered, or the headers were cut: http.client takes those for whole.
                        wait = attempts.wait(HeddleError("bad_response", "It is not Heddle's.", status))
            time.sleep(wait)

    @contextmanager
    def _request(self, method: str, path: str, headers: dict[str, str], body: Any) -> Iterator[HTTPResponse]:
        connection = self._connect(self._host, self._port, timeout=self.silence)
        try:
            connection.request(method, self._base + path, body, headers)
            # A response that ends with its connection stays open until it is closed itself.
            with connection.getresponse() as response:
                yield response
        finally:
            connection.close()


class Session:
    """The handle of one conversation with an agent. All methods raise HeddleError."""

    def __init__(self, client: Client, id: str, sent: Sent | None = None) -> None:
        self.client, self.id, self.sent = client, id, sent

    def send(
        self,
        content: Content,
        on_busy: str | None = None,
        key: str | None = None,
        author: str | None = None,
        replaces: str | None = None,
    ) -> Sent:
        """Sends a message. The same key and content are one message.

        `on_busy` is `queue`, `reject` or `interrupt`. `replaces` names the message that this one replaces.
        """
        body = _given(content=content, on_busy=on_busy, author=author, replaces=replaces)
        return self.client._call("POST", self._path("message"), _to_sent, body, key)

    def cancel(self, turn: str | None = None) -> None:
        """Asks the server to stop the running turn. With a turn, it stops only that one."""
        self.client._call("POST", self._path("cancel"), bool, _given(turn_id=turn))

    def answer(self, approval: str, decision: Any) -> None:
        """Answers an approval; the decision is any JSON. Raises `too_late` if it is not open."""
        body = {"approval_id": approval, "decision": decision}
        self.client._call("POST", self._path("answer"), bool, body)

    def withdraw(self, message: str) -> None:
        """Withdraws a message that waits. Raises `too_late` once its turn has started."""
        self.client._call("POST", self._path("withdraw"), bool, {"message_id": message})

    def state(self, messages: int | None = None, before: str | None = None) -> Json:
        """Returns the folded state: of all, of the last messages, or of those before a message of a user."""
        path = self._path("session") + "?" + urlencode(_given(messages=messages, before=before))
        return self.client._call("GET", path, lambda state: {**state, "messages": state["messages"]})

    def delete(self) -> None:
        """Ends the session and deletes it for all users. A session that is gone counts as deleted."""
        try:
            self.client._call("DELETE", self._path("session"), bool)
        except HeddleError as error:
            if error.code != "not_found":
                raise

    def events(self, after: str | None = None) -> Iterator[Item]:
        """Yields the events after an id, or all, and then new ones, until the loop is left.

        After a `resync`, its `state` replaces all that came before; without one, `state()` returns it.
        """
        follow = _Follow(self.client, after)
        while True:
            try:
                with self.client._request("GET", self._stream, follow.begin(), None) as response:
                    if not follow.opens(response.status, response.getheader):
                        wait = follow.refused(response.status, response.getheader, response.read(65536))
                    else:
                        while chunk := response.read1(65536):
                            yield from follow.take(chunk)
                        wait = follow.lost(EOFError("The stream ended."))
            except (OSError, HTTPException) as error:
                wait = follow.lost(error)
            time.sleep(wait)

    async def aevents(self, http: Any, after: str | None = None) -> AsyncIterator[Item]:
        """Does the same on asyncio, over an `httpx.AsyncClient` or an `aiohttp.ClientSession`."""
        follow = _Follow(self.client, after)
        while True:
            try:
                url, silence = self.client.url + self._stream, self.client.silence
                async with _get(http, url, follow.begin(), silence) as (status, header, read, chunks):
                    if not follow.opens(status, header):
                        wait = follow.refused(status, header, await read())
                    else:
                        async for chunk in chunks:
                            for item in follow.take(chunk):
                                yield item
                        wait = follow.lost(EOFError("The stream ended."))
            except Exception as error:
                if not _is_network(error):
                    raise
                wait = follow.lost(error)
            await asyncio.sleep(wait)

    def _path(self, verb: str) -> str:
        return f"/{verb}/{quote(self.id, safe='')}"

    @property
    def _stream(self) -> str:
        return self._path("stream") + "?dialect=typed"


class _Attempts:
    """Decides what follows a failed attempt: a wait, or an error. It does no I/O."""

    def __init__(self, client: Client, tries: float, headers: dict[str, str]) -> None:
        self._client, self._tries, self._headers = client, tries, headers
        self._starts = deque([-math.inf] * ATTEMPTS, ATTEMPTS)  # when the last attempts began
        self._failed = 0
        self._retry = BASE
        self._renewed = False  # whether the token was renewed after a 401
        self._proven = False  # whether a Heddle server has answered

    def begin(self) -> dict[str, str]:
        """Returns the headers of a new attempt."""
        self._starts.append(time.monotonic())
        token = self._client.token() if callable(self._client.token) else self._client.token
        authorization = None if token is None else f"Bearer {token}"
        headers = {**self._headers, "accept-encoding": "identity", **_given(authorization=authorization)}
        for name, value in headers.items():
            if not (value.isascii() and value.isprintable()):
                raise ValueError(f"The header {name} has a value that cannot be sent.")
        return headers

    def wait(self, error: HeddleError, at_least: float = 0.0) -> float:
        """Returns how long to wait for the next attempt, or raises the error if this was the last one."""
        self._failed += 1
        if self._failed >= self._tries:
            raise error
        longest = min(self._retry * 2.0 ** min(self._failed - 2, 30), max(self._retry, CEILING))
        # Full jitter: thousands of clients that lost one server must not come back at the same time.
        wait = at_least + random.random() * (FIRST if self._failed == 1 else longest)
        wait = max(wait, self._starts[0] + WINDOW - time.monotonic())
        log.info("%s Next attempt in %.1f s.", error, wait)
        return wait

    def lost(self, cause: Exception) -> float:
        """Returns the wait after the network failed or was silent."""
        error = HeddleError("unreachable", f"The connection was lost: {cause!r}.")
        error.__cause__ = cause
        return self.wait(error)

    def refused(self, status: int, header: Header, text: bytes) -> float:
        """Returns the wait after an unexpected status, or raises its error if it is final."""
        problem = _parse(text)
        problem = problem if isinstance(problem, dict) else {}
        code = str(problem.get("code") or "refused")
        error = HeddleError(code, str(problem.get("detail") or f"The answer is status {status}."), status)
        # Anything may answer during a deploy, so only Heddle's own refusals are final, and 413 of a proxy.
        is_own = "code" in problem and "application/problem+json" in (header("content-type") or "")
        if status == 401:
            is_final = self._renewed or not callable(self._client.token)
            self._renewed = True
        elif not is_own and status != 413:
            is_final = 300 <= status < 500 and not self._proven and self._failed + 1 >= STRANGERS
        elif status == 429:
            is_final = self._tries < math.inf  # a caller learns at once that a queue is full; a stream waits
        else:
            is_final = 400 <= status < 500 and status not in (408, 425)
        if is_final:
            raise error
        return self.wait(error, _to_seconds(header("retry-after")))


class _Follow(_Attempts):
    """The place of one loop in the events of a session, kept across connections. It does no I/O."""

    def __init__(self, client: Client, after: str | None) -> None:
        super().__init__(client, math.inf, {"accept": "text/event-stream"})
        self._last = after  # the id of the last whole frame: the next connection goes on after it
        self._gaps = 0
        self._frames, self._before = Frames(), after  # of the current connection

    def begin(self) -> dict[str, str]:
        self._frames, self._before = Frames(), self._last
        self._headers.update(_given(**{"last-event-id": self._last}))
        return super().begin()

    def opens(self, status: int, header: Header) -> bool:
        """Returns whether the response is a stream. A portal's page has status 200, too."""
        is_stream = status == 200 and (header("content-type") or "").startswith("text/event-stream")
        self._proven = self._proven or is_stream
        return is_stream

    def take(self, chunk: bytes) -> Iterator[Item]:
        """Yields the new events of a chunk. Raises OSError if entries are missing, and at last `gap`."""
        for id, name, data in self._frames.push(chunk):
            before, now = _to_place(self._before), _to_place(id)
            if before and now and now <= before:
                continue
            if before and now and now[0] > before[0] + 1:
                self._gaps += 1
                if self._gaps == 3:
                    raise HeddleError("gap", f"Entries are missing before {id}.")
                raise OSError(f"Entries are missing before {id}.")
            self._failed, self._renewed = 0, False
            event = _parse(data)
            if not isinstance(event, dict):
                event = {"type": "unknown", "name": name, "data": event}
            if id is not None:
                self._before = self._last = id
                self._gaps = 0
            elif event.get("type") == "resync":
                # Any id may follow a state that was too long to send. Until it comes, the old id asks again.
                self._before = (event.get("state") or {}).get("last")
                self._last = self._before or self._last
            yield id, event
        if self._frames.retry is not None:
            self._retry = min(max(self._frames.retry / 1000, 0.25), 60.0)


@asynccontextmanager
async def _get(http: Any, url: str, headers: dict[str, str], silence: float) -> AsyncIterator[Any]:
    """Yields the status, the headers' getter, the body's reader and the body's chunks."""
    if hasattr(http, "stream"):
        async with http.stream("GET", url, headers=headers, timeout=silence, follow_redirects=False) as got:
            yield got.status_code, got.headers.get, got.aread, got.aiter_bytes()
    else:
        timeout = import_module("aiohttp").ClientTimeout(total=None, sock_connect=silence, sock_read=silence)
        options = {"timeout": timeout, "allow_redirects": False, "raise_for_status": False}
        async with http.get(url, headers=headers, **options) as got:
            yield got.status, got.headers.get, got.read, got.content.iter_any()


def _is_network(error: Exception) -> bool:
    """Returns whether the network failed. httpx and aiohttp are known by name, so neither is imported."""
    names = {f"{base.__module__}.{base.__name__}" for base in type(error).__mro__}
    of_libraries = {"httpx.TransportError", "aiohttp.client_exceptions.ClientError"}
    return isinstance(error, (OSError, asyncio.TimeoutError)) or not names.isdisjoint(of_libraries)


def _parse(text: str | bytes) -> Any:
    """Parses JSON. Other text is returned as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _given(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _to_sent(made: Json) -> Sent:
    return Sent(made["message_id"], made["turn_id"], made["id"])


def _to_place(id: str | None) -> tuple[int, float] | None:
    """Returns the seq of an id and its frame. The last frame of an entry has no number: it is infinite."""
    match = re.fullmatch(r"([0-9]+)-[A-Za-z0-9]{6}(?:~([0-9]+))?", id or "")
    return None if match is None else (int(match[1]), float(match[2] or "inf"))


def _to_seconds(retry_after: str | None) -> float:
    """Reads a Retry-After header, in seconds or as a date. Returns at most ten minutes."""
    try:
        value = retry_after or "0"
        wait = float(value) if value.isdigit() else parsedate_to_datetime(value).timestamp() - time.time()
    except (TypeError, ValueError):
        return 0.0
    return min(max(wait, 0.0), 600.0)
