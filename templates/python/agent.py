"""Serves an agent that finds orders, and pays them back when a person has approved it."""

from __future__ import annotations

import re
from typing import Any, AsyncIterator

import heddle_agent

ORDERS = {"17": ("a loom", 120)}


def find_order(order: str) -> str:
    """Only looks something up, so it runs at once."""
    if order not in ORDERS:
        return f"Order {order} is not known."
    item, euros = ORDERS[order]
    return f"Order {order} is {item} for {euros} euros."


def pay_back(order: str) -> str:
    """Cannot be undone, so it runs when a person has approved it."""
    if order not in ORDERS:
        return f"Order {order} is not known."
    return f"Order {order} is paid back: {ORDERS[order][1]} euros."


async def answer(turn: heddle_agent.Turn) -> AsyncIterator[heddle_agent.Event]:
    # The turn that goes on after an approval. It may run tomorrow, and in another process.
    if turn.input["type"] == "answers":
        approval: dict[str, Any] = turn.input["answers"][0]
        if approval["decision"] is not True:
            yield "Nothing is paid back."
            return
        call = approval.get("call", turn.turn)
        # The call is in the log before the tool runs.
        yield {"type": "tool_use", "call": call, "tool": "pay_back", "input": {"order": turn.snapshot}}
        output = pay_back(turn.snapshot)
        yield {"type": "tool_result", "call": call, "output": output}
        yield output
        return

    # A real model: async for text in your_model(turn.messages): yield text
    found = re.search(r"\d+", turn.prompt)
    if found is None:
        yield "Ask me where order 17 is, or to pay order 17 back."
        return
    order, call = found[0], turn.turn
    if "back" in turn.prompt.lower():
        yield {"type": "tool_use", "call": call, "tool": "pay_back", "input": {"order": order}}
        yield {"type": "approval_request", "approval": call, "call": call, "reason": f"Pay order {order} back?"}
        turn.save(order)
        return
    yield {"type": "tool_use", "call": call, "tool": "find_order", "input": {"order": order}}
    output = find_order(order)
    yield {"type": "tool_result", "call": call, "output": output}
    yield output


if __name__ == "__main__":
    heddle_agent.serve(answer)
