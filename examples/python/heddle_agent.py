"""Serves an async generator as an agent of Heddle. Standard library only, Python 3.9 and later.

    async def answer(turn):
        yield f"You said: {turn.prompt}"

    heddle_agent.serve(answer)

Start it with `heddle serve -- python agent.py`. The generator yields texts and the events of docs/agents.md as
dicts. After a `tool_use` it is resumed when the call stands in Heddle's log: then run the tool. When the turn is
cancelled, its task is cancelled. What the process prints goes to Heddle's log.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from typing import Any, AsyncIterator, Callable, Union

Event = Union[str, "dict[str, Any]"]


class AgentError(Exception):
    """A failure whose code and message users may see. Those of other exceptions go to Heddle's log only."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Turn:
    """One turn: the work on one message, or on the answers to its approvals."""

    def __init__(self, start: dict[str, Any], save: Callable[[Any], None]) -> None:
        self.prompt: str = start["prompt"]
        """The text of the message."""
        self.messages: list[dict[str, str]] = start["messages"]
        """The conversation as `{"role", "content"}`, with the new message last."""
        self.input: dict[str, Any] = start["input"]
        """The message with its files, or `{"type": "answers", "answers": [{"approval", "decision", …}]}`."""
        self.history: list[dict[str, Any]] = start["history"]
        """The conversation before this turn, with tool calls and results."""
        self.snapshot: Any = start.get("snapshot")
        """What the turn before saved, if the conversation goes on from there."""
        self.session: str = start["session"]
        self.owner: str = start["owner"]
        self.metadata: Any = start.get("metadata")
        self.thread: str = start["thread"]
        """A name for a memory of your own. It is a new one where the conversation went another way."""
        self.turn: str = start["turn"].rsplit(".", 1)[0]
        """The name of the turn: the same in each attempt, so it may key what must happen once."""
        self.attempt: int = start["attempt"]
        """More than 1 if the turn was begun again after a crash of Heddle."""
        self.save = save
        """Saves a snapshot for the next turn: any JSON."""


Answer = Callable[[Turn], AsyncIterator[Event]]


def serve(answer: Answer, turns: int = 16) -> None:
    """Works on at most `turns` turns at once, until Heddle ends the standard input."""
    out = os.dup(1)
    # Everything that is printed from here on, also by C code, goes to the standard error.
    os.dup2(2, 1)
    # systemd signals all processes of a service, and Heddle lets turns end first: the end of the input decides.
    signal.signal(signal.SIGTERM, lambda *_: None)
    asyncio.run(_Server(answer, out).run(turns))


class _Server:
    def __init__(self, answer: Answer, out: int) -> None:
        self._answer = answer
        self._out = out
        self._lock = threading.Lock()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._calls: dict[tuple[str, str], deque[asyncio.Future[None]]] = {}

    async def run(self, turns: int) -> None:
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()

        def read() -> None:
            for line in sys.stdin.buffer:
                loop.call_soon_threadsafe(self._hear, json.loads(line))
            loop.call_soon_threadsafe(ended.set)
            # Heddle is gone, or closes. A turn that blocks the loop must not outlive it.
            time.sleep(2)
            os._exit(1)

        threading.Thread(target=read, daemon=True).start()
        self._write({"type": "ready", "version": 1, "turns": turns})
        await ended.wait()
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _hear(self, line: dict[str, Any]) -> None:
        name = line["turn"]
        if line["type"] == "start":
            self._tasks[name] = asyncio.ensure_future(self._work(name, line))
        elif line["type"] == "cancel" and name in self._tasks:
            # Not at once: a task that is cancelled before its first step would never send its end.
            asyncio.get_running_loop().call_soon(self._tasks[name].cancel)
        elif line["type"] == "taken":
            waiting = self._calls.get((name, str(line["call"])))
            if waiting:
                waiting.popleft().set_result(None)

    async def _work(self, name: str, start: dict[str, Any]) -> None:
        ending: dict[str, Any] = {"type": "end"}
        turn = Turn(start, lambda snapshot: self._write({"type": "save", "turn": name, "snapshot": snapshot}))
        try:
            events = self._answer(turn)
            if not hasattr(events, "__aiter__"):
                raise TypeError("answer() is no async generator: write `async def` and `yield` in it")
            try:
                async for event in events:
                    await self._say(name, event)
            finally:
                await _close(events)
        except asyncio.CancelledError:
            pass
        except AgentError as error:
            cause = error.__cause__
            ending = {"type": "error", "code": error.code, "message": error.message}
            if cause is not None:
                ending["detail"] = "".join(traceback.format_exception(type(cause), cause, cause.__traceback__))
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            ending = {"type": "error", "message": message, "detail": traceback.format_exc()}
        del self._tasks[name]
        self._write({**ending, "turn": name})

    async def _say(self, name: str, event: Event) -> None:
        told = {"type": "content", "data": event} if isinstance(event, str) else event
        if told.get("type") != "tool_use":
            self._write({**told, "turn": name})
            return
        key = (name, str(told.get("call")))
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = self._calls.setdefault(key, deque())
        waiting.append(taken)
        try:
            self._write({**told, "turn": name})
            await taken
        finally:
            if taken in waiting:
                waiting.remove(taken)
            if not waiting:
                self._calls.pop(key, None)

    def _write(self, line: dict[str, Any]) -> None:
        try:
            text = json.dumps(line, allow_nan=False, default=str)
        except ValueError:
            text = json.dumps(_finite(line), default=str)
        rest = memoryview(text.encode() + b"\n")
        with self._lock:
            while rest:
                rest = rest[os.write(self._out, rest) :]


async def _close(events: AsyncIterator[Event]) -> None:
    close = getattr(events, "aclose", None)
    if close is not None:
        await close()


def _finite(value: Any) -> Any:
    """JSON has no NaN: such a number becomes a text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    return value
