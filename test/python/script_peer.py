"""The script of a contract's test, and the test itself: it runs the tools, and notes what the model was given."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any, AsyncIterator

script: dict[str, Any] = json.loads(os.environ["SCRIPT"])
tools: dict[str, dict[str, Any]] = {tool["name"]: tool for tool in script["tools"]}
_asked = 0


class ToolFailure(Exception):
    """A tool that failed."""


class Peer:
    """One connection to the test."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def connect(self) -> None:
        port = int(os.environ["SCRIPT_PORT"])
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)

    def tell(self, line: dict[str, Any]) -> None:
        self.writer.write(json.dumps(line).encode() + b"\n")

    async def hear(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(await self.reader.readline())
        return line

    async def next_answer(self, given: list[dict[str, str]]) -> list[dict[str, Any]]:
        """Tells what the model is given, and returns the lines of its answer."""
        global _asked
        self.tell({"given": given})
        self.tell({"sync": "given"})
        await self.hear()
        answers: list[list[dict[str, Any]]] = script["answers"]
        lines = answers[_asked] if _asked < len(answers) else []
        _asked += 1
        return lines

    async def run(self, call: dict[str, Any]) -> AsyncIterator[tuple[str, str]]:
        """Runs a tool in the test. Yields `("progress", text)` and at last `("output", text)`."""
        self.tell({"run": call["id"], "tool": call["tool"], "input": call["input"]})
        try:
            while True:
                line = await self.hear()
                if "error" in line:
                    raise ToolFailure(line["error"])
                for kind in ("progress", "output"):
                    if kind in line:
                        yield kind, line[kind]
                if "output" in line:
                    return
        except asyncio.CancelledError:
            self.tell({"stop": call["id"]})
            raise


def denial(decision: Any) -> str | None:
    """The output of a call that was denied, if it was."""
    if decision is True or (isinstance(decision, dict) and decision.get("approved") is True):
        return None
    reason = decision.get("reason") if isinstance(decision, dict) else None
    return f"denied: {reason}"
