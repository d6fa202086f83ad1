"""Stands for `strands.Agent`: it yields the dicts that the real loop yields, as they were recorded, around a model
that follows the script of a contract's test."""

from __future__ import annotations

import asyncio
import copy
from dataclasses import dataclass, field
from typing import Any, AsyncIterator

from script_peer import Peer, ToolFailure, denial, tools


@dataclass
class Interrupt:
    id: str
    name: str
    reason: Any


@dataclass
class AgentResult:
    stop_reason: str
    message: dict[str, Any]
    interrupts: list[Interrupt] = field(default_factory=list)


def given(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    told: list[dict[str, str]] = []
    for message in messages:
        for block in message["content"]:
            if "text" in block:
                told.append({"role": message["role"], "text": block["text"]})
            if "toolResult" in block:
                told.append({"role": "tool", "text": block["toolResult"]["content"][0]["text"]})
    return told


class Agent:
    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.pending: dict[str, Any] | None = None

    def take_snapshot(self, preset: str) -> dict[str, Any]:
        assert preset == "session"
        return {"data": copy.deepcopy({"messages": self.messages, "pending": self.pending})}

    def load_snapshot(self, snapshot: dict[str, Any]) -> None:
        self.messages, self.pending = snapshot["data"]["messages"], snapshot["data"]["pending"]

    def cancel(self) -> None:
        self.pending = None

    async def stream_async(self, prompt: Any) -> AsyncIterator[dict[str, Any]]:
        peer = Peer()
        await peer.connect()
        yield {"init_event_loop": True}
        responses: dict[str, Any] = {}
        if self.pending is not None:
            message = self.pending["message"]
            for each in prompt:
                response = each["interruptResponse"]
                assert response["response"] is not None
                responses[response["interruptId"]] = response["response"]
        else:
            content = [{"text": prompt}] if isinstance(prompt, str) else prompt
            self.messages.append({"role": "user", "content": content})
            message = None
        while True:
            if message is None:
                yield {"start": True}
                yield {"start_event_loop": True}
                answer: dict[str, Any] = {"role": "assistant", "content": []}
                async for event in self.ask_model(peer, answer):
                    yield event
                message = answer
                self.messages.append(message)
                yield {"message": message}
            calls = [block["toolUse"] for block in message["content"] if "toolUse" in block]
            if not calls:
                yield {"result": AgentResult("end_turn", message)}
                return
            results: list[dict[str, Any]] = []
            interrupts: list[Interrupt] = []
            for call in calls:
                async for event in self.run_tool(peer, call, responses, results, interrupts):
                    yield event
            if interrupts:
                self.pending = {"message": message}
                yield {"result": AgentResult("interrupt", message, interrupts)}
                return
            self.pending, message = None, None
            self.messages.append({"role": "user", "content": results})
            yield {"message": self.messages[-1]}

    async def run_tool(
        self, peer: Peer, call: dict[str, Any], responses: Any, results: Any, interrupts: Any
    ) -> AsyncIterator[dict[str, Any]]:
        asks = tools[call["name"]].get("asks")
        interrupt = f"v1:before_tool_call:{call['toolUseId']}:0000"
        if asks and interrupt not in responses:
            interrupts.append(Interrupt(interrupt, "approval", asks))
            yield {"tool_interrupt_event": {"tool_use": call}}
            return
        status, output = "success", denial(responses[interrupt]) if asks else None
        if output is None:
            try:
                script_call = {"id": call["toolUseId"], "tool": call["name"], "input": call["input"]}
                async for kind, text in peer.run(script_call):
                    output = text
                    if kind == "progress":
                        yield {"tool_stream_event": {"tool_use": call, "data": text}}
            except ToolFailure as failure:
                status, output = "error", str(failure)
        result = {"toolUseId": call["toolUseId"], "status": status, "content": [{"text": output}]}
        results.append({"toolResult": result})

    async def ask_model(self, peer: Peer, answer: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        said: list[dict[str, Any]] = []
        for line in await peer.next_answer(given(self.messages)):
            if "text" in line:
                yield {"event": {"contentBlockDelta": {"delta": {"text": line["text"]}}}}
                yield {"data": line["text"], "delta": {"text": line["text"]}, "agent": self}
                if said and "text" in said[-1]:
                    said[-1]["text"] += line["text"]
                else:
                    said.append({"text": line["text"]})
            elif "reasoning" in line:
                yield {"reasoningText": line["reasoning"], "delta": {}, "reasoning": True}
                yield {"event": {"contentBlockStop": {}}}
            elif "usage" in line:
                counts = dict(zip(("inputTokens", "outputTokens"), line["usage"]))
                yield {"event": {"metadata": {"usage": counts, "metrics": {}}}}
            elif "tool" in line:
                use = {"toolUseId": line["id"], "name": line["tool"], "input": line.get("input", {})}
                yield {"event": {"contentBlockStart": {"start": {"toolUse": {**use, "input": ""}}}}}
                yield {"current_tool_use": {**use, "input": "{"}, "delta": {}}
                yield {"event": {"contentBlockStop": {}}}
                said.append({"toolUse": use})
            elif line.get("fail") == "busy":
                yield {"force_stop": True, "force_stop_reason": line["words"]}
                raise ModelThrottledException(line["words"])
            elif "fail" in line:
                yield {"force_stop": True, "force_stop_reason": line["words"]}
                raise RuntimeError(line["words"])
            elif "hang" in line:
                await asyncio.sleep(1000)
            else:
                yield {"event_loop_throttled_delay": 4}
                async for event in self.ask_model(peer, answer):
                    yield event
                return
        answer["content"] = said


class ModelThrottledException(Exception):
    """Named as in `strands.types.exceptions`."""
