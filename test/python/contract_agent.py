"""An agent in Python for the contract of adapters. It follows a script, whose tools run in the test."""

from __future__ import annotations

import asyncio
from typing import Any, AsyncIterator

import heddle_agent
from heddle_agent import AgentError, Turn
from script_peer import Peer, ToolFailure, denial, tools


def from_history(history: list[dict[str, Any]]) -> list[dict[str, str]]:
    messages: list[dict[str, str]] = []
    for message in history:
        if message["role"] == "user":
            messages.append({"role": "user", "text": message["content"]})
            continue
        for part in message["parts"]:
            if part["type"] == "text":
                messages.append({"role": "assistant", "text": part["text"]})
            elif part["type"] == "tool":
                messages.append({"role": "tool", "text": str(part.get("output") or "Not answered.")})
    return messages


async def run_tool(peer: Peer, call: dict[str, Any], decision: Any, messages: Any) -> AsyncIterator[dict[str, Any]]:
    status, output = "ok", denial(decision) if tools[call["tool"]].get("asks") else None
    if output is None:
        try:
            async for kind, text in peer.run(call):
                output = text
                if kind == "progress":
                    yield {"type": "tool_progress", "call": call["id"], "data": text}
        except ToolFailure as failure:
            status, output = "error", str(failure)
    messages.append({"role": "tool", "text": output})
    yield {"type": "tool_result", "call": call["id"], "output": output, "status": status}


async def ask_model(peer: Peer, messages: Any, calls: list[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    """Says the next answer of the script. Adds its calls to `calls`."""
    said = ""
    yield {"type": "step_start"}
    for line in await peer.next_answer(messages):
        if "text" in line:
            said += line["text"]
            yield {"type": "content", "data": line["text"]}
        elif "reasoning" in line:
            yield {"type": "reasoning", "data": line["reasoning"]}
        elif "usage" in line:
            yield {"type": "usage", "usage": dict(zip(("input_tokens", "output_tokens"), line["usage"]))}
        elif "tool" in line:
            call = {"id": line["id"], "tool": line["tool"], "input": line.get("input", {})}
            calls.append(call)
            yield {"type": "tool_use", "call": call["id"], "tool": call["tool"], "input": call["input"]}
        elif line.get("fail") == "busy":
            raise AgentError("model_throttled", "The model is busy.") from RuntimeError(line["words"])
        elif "fail" in line:
            raise RuntimeError(line["words"])
        elif "hang" in line:
            await asyncio.sleep(1000)
        else:
            yield {"type": "discard"}
            async for event in ask_model(peer, messages, calls):
                yield event
            return
    if said:
        messages.append({"role": "assistant", "text": said})


async def answer(turn: Turn) -> AsyncIterator[heddle_agent.Event]:
    peer = Peer()
    await peer.connect()
    saved: dict[str, Any] = turn.snapshot or {"messages": from_history(turn.history), "calls": []}
    messages: list[dict[str, str]] = saved["messages"]
    calls: list[dict[str, Any]] = saved["calls"]
    decisions: dict[str, Any] | None = None
    if turn.input["type"] == "message":
        messages.append({"role": "user", "text": turn.prompt})
    else:
        decisions = {each["approval"]: each["decision"] for each in turn.input["answers"]}
    while True:
        for call in calls:
            if decisions is not None or not tools[call["tool"]].get("asks"):
                decision = (decisions or {}).get(f"ask:{call['id']}")
                async for event in run_tool(peer, call, decision, messages):
                    yield event
        waiting = [call for call in calls if decisions is None and tools[call["tool"]].get("asks")]
        for call in waiting:
            reason = tools[call["tool"]]["asks"]
            yield {"type": "approval_request", "approval": f"ask:{call['id']}", "call": call["id"], "reason": reason}
        decisions = None
        if not waiting:
            calls = []
            async for event in ask_model(peer, messages, calls):
                yield event
        if waiting or not calls:
            turn.save({"messages": messages, "calls": waiting})
            return


heddle_agent.serve(answer)
