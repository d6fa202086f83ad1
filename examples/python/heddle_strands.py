"""Serves an agent of Strands for Python. Needs `strands-agents`, and heddle_agent.py beside it.

    def create(turn):
        return Agent(model=model, tools=tools, callback_handler=None)

    heddle_strands.serve(create)

Start it with `heddle serve -- python agent.py`. Each turn has an agent of its own. Its memory is kept by Heddle
from turn to turn; where the conversation went another way, it is built from Heddle's log. Interrupts become
approvals: their answer goes on in any process.
"""

from __future__ import annotations

import asyncio
from typing import Any, AsyncIterator, Callable

import heddle_agent
from heddle_agent import AgentError, Turn

# Exceptions of `strands.types.exceptions` by name, with a public code and message.
failures = {
    "ModelThrottledException": ("model_throttled", "The model is busy. Please try again in a little while."),
    "ContextWindowOverflowException": ("context_overflow", "The conversation has become too long for the model."),
    "MaxTokensReachedException": (
        "max_tokens",
        "The answer was cut off because it reached the longest length allowed.",
    ),
}
unanswered = "The call waited for an approval, and no answer came. It was not finished."


def serve(create: Callable[[Turn], Any], turns: int = 16) -> None:
    """`create` makes a new agent, graph or swarm for each turn. Models and tools may be shared."""

    async def answer(turn: Turn) -> AsyncIterator[heddle_agent.Event]:
        async for event in run(create(turn), turn):
            yield event

    heddle_agent.serve(answer, turns)


async def run(agent: Any, turn: Turn) -> AsyncIterator[dict[str, Any]]:
    """Answers one turn with an agent."""
    has_memory = hasattr(agent, "load_snapshot")
    prompt: Any = turn.prompt
    if turn.input["type"] == "answers":
        agent.load_snapshot(turn.snapshot)
        # None counts as no answer.
        prompt = [
            {"interruptResponse": {"interruptId": each["approval"], "response": _decision(each["decision"])}}
            for each in turn.input["answers"]
        ]
    elif has_memory and turn.snapshot is not None:
        agent.load_snapshot(turn.snapshot)
    elif has_memory:
        messages = to_messages(turn.history)
        if messages and messages[-1]["role"] == "user":
            # Roles alternate, so what had no answer becomes part of the new message.
            prompt = [*messages.pop()["content"], {"text": turn.prompt}]
        agent.messages.extend(messages)
    result: Any = None
    try:
        async for event in agent.stream_async(prompt):
            if "result" in event:
                result = event["result"]
            for told in to_events(event):
                yield told
    except asyncio.CancelledError:
        if hasattr(agent, "cancel"):
            agent.cancel()
        raise
    except Exception as error:
        if type(error).__name__ in failures:
            raise AgentError(*failures[type(error).__name__]) from error
        raise
    for told in _end(result, has_memory):
        yield told
    if has_memory:
        turn.save(agent.take_snapshot(preset="session"))


def to_events(event: dict[str, Any], path: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Converts an event of `stream_async`. `path` names the inner agent that speaks."""
    return [{**told, "agent": list(path)} if path else told for told in _own(event)] + _inner(event, path)


def _own(event: dict[str, Any]) -> list[dict[str, Any]]:
    if event.get("start_event_loop"):
        return [{"type": "step_start"}]
    if isinstance(event.get("data"), str) and event.get("type") is None:
        return [{"type": "content", "data": event["data"]}]
    if "reasoningText" in event:
        return [{"type": "reasoning", "data": event["reasoningText"]}]
    if "event_loop_throttled_delay" in event:
        # The model is asked again, and its text begins from the start.
        return [{"type": "discard"}]
    if "event" in event and event.get("type") is None:
        return _of_model(event["event"])
    if "message" in event:
        return _of_message(event["message"])
    if event.get("type") == "multiagent_handoff":
        data = {"from": event.get("from_node_ids"), "to": event.get("to_node_ids")}
        return [{"type": "custom", "name": "handoff", "data": data}]
    if event.get("type") == "multiagent_node_interrupt":
        raise AgentError(
            "approval_unsupported", "The agent asked for an approval at a point where it cannot wait for one."
        )
    return []


def _of_model(event: dict[str, Any]) -> list[dict[str, Any]]:
    if "contentBlockStop" in event:
        return [{"type": "content_end"}, {"type": "reasoning_end"}]
    use = event.get("contentBlockStart", {}).get("start", {}).get("toolUse")
    if use:
        return [{"type": "tool_use_start", "call": use["toolUseId"], "tool": use["name"]}]
    usage = event.get("metadata", {}).get("usage")
    if usage:
        names = {"inputTokens": "input_tokens", "outputTokens": "output_tokens", "totalTokens": "total_tokens"}
        counts = {ours: usage[theirs] for theirs, ours in names.items() if theirs in usage}
        return [{"type": "usage", "usage": counts}]
    redacted = event.get("redactContent", {}).get("redactAssistantContentMessage")
    return [{"type": "replace", "data": redacted}] if redacted is not None else []


def _of_message(message: dict[str, Any]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for block in message["content"]:
        use, result = block.get("toolUse"), block.get("toolResult")
        if use:
            call = {"call": use["toolUseId"], "tool": use["name"], "input": use["input"]}
            told.append({"type": "tool_use", **call})
        if result:
            status = "error" if result.get("status") == "error" else "ok"
            output = _output(result["content"])
            told.append({"type": "tool_result", "call": result["toolUseId"], "output": output, "status": status})
    return told


def _output(content: list[dict[str, Any]]) -> Any:
    values = [block.get("text", block.get("json", block)) for block in content]
    return values[0] if len(values) == 1 else values


def _inner(event: dict[str, Any], path: tuple[str, ...]) -> list[dict[str, Any]]:
    """Events of inner agents: nodes of a graph or swarm, and agents that are tools."""
    if event.get("type") == "multiagent_node_stream":
        return to_events(event["event"], (*path, event["node_id"]))
    if "tool_stream_event" not in event:
        return []
    use, data = event["tool_stream_event"]["tool_use"], event["tool_stream_event"]["data"]
    if isinstance(data, dict) and not _silent.isdisjoint(data):
        return []
    if isinstance(data, dict) and to_events(data):
        return to_events(data, (*path, use["name"]))
    told = {"type": "tool_progress", "call": use["toolUseId"], "data": data}
    return [{**told, "agent": list(path)} if path else told]


# Fields of events that become nothing.
_silent = {"init_event_loop", "start", "delta", "current_tool_use", "result"}


def _end(result: Any, has_memory: bool) -> list[dict[str, Any]]:
    interrupts = getattr(result, "interrupts", None) or []
    if interrupts and not has_memory:
        raise AgentError(
            "approval_unsupported", "The agent asked for an approval at a point where it cannot wait for one."
        )
    told: list[dict[str, Any]] = []
    for interrupt in interrupts:
        reason = interrupt.name if interrupt.reason is None else interrupt.reason
        request = {"type": "approval_request", "approval": interrupt.id, "reason": reason}
        # v1:before_tool_call:<toolUseId>:<uuid>
        parts = interrupt.id.split(":")
        told.append({**request, "call": parts[2]} if len(parts) > 3 and "tool" in parts[1] else request)
    stop = getattr(result, "stop_reason", None)
    return [*told, {"type": "stop", "reason": stop}] if isinstance(stop, str) else told


def _decision(decision: Any) -> Any:
    return False if decision is None else decision


def to_messages(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Builds the messages of Strands from Heddle's history. Roles alternate, and each call has its result."""
    messages: list[dict[str, Any]] = []

    def add(role: str, *blocks: dict[str, Any]) -> None:
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"].extend(blocks)
        elif messages or role == "user":
            messages.append({"role": role, "content": list(blocks)})

    resumed = {message["resumes"] for message in history if "resumes" in message}
    for message in history:
        if message["role"] == "user":
            text = _text(message["content"])
            if text.strip():
                add("user", {"text": text})
            continue
        for part in message["parts"]:
            if "agent" in part:
                continue
            if part["type"] == "text" and part["text"].strip():
                add("assistant", {"text": part["text"]})
            # A call that waited for an approval is also in the turn that went on with it.
            waited = message["turn"] in resumed and part.get("status") == "cancelled"
            if part["type"] == "tool" and part.get("input") is not None and not waited and messages:
                # Names of calls may come again in another turn, and providers take each only once.
                name = f"call_{len(messages)}"
                call = {"toolUseId": name, "name": part["tool"], "input": part["input"]}
                add("assistant", {"toolUse": call})
                add("user", {"toolResult": {"toolUseId": name, **_result(part)}})
    return messages


def _result(part: dict[str, Any]) -> dict[str, Any]:
    output = part.get("output")
    if output is None:
        output = unanswered
    block = {"text": output} if isinstance(output, str) else {"json": output}
    status = "success" if part["status"] == "ok" else "error"
    return {"status": status, "content": [block]}


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)
