"""The scripted agent of scripted-agent.ts, in a process of its own. Writes its process id to `$EFFECTS.pid`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import AsyncIterator

sys.path.insert(0, "examples/python")
import heddle_agent

pace = float(os.environ["PACE"]) / 1000
effects = os.environ["EFFECTS"]


async def answer(turn: heddle_agent.Turn) -> AsyncIterator[heddle_agent.Event]:
    script = json.loads(turn.prompt)
    words = script["words"]
    rounds = 2 if script["end"] == "repeats" else 1
    for each in range(rounds):
        yield {"type": "step_start"}
        for word in range(words):
            await asyncio.sleep(pace)
            yield f"word {word + 1} of {words} "
        if each + 1 < rounds:
            yield {"type": "discard"}
    if script["tool"]:
        call = f"call-{turn.attempt}"
        yield {"type": "tool_use", "call": call, "tool": "effect", "input": {"words": words}}
        with open(effects, "a") as file:
            file.write(f"{turn.turn} {turn.attempt}\n")
        await asyncio.sleep(pace)
        yield {"type": "tool_result", "call": call, "output": "done"}
        yield "afterwards "
    if script["end"] == "throws":
        raise RuntimeError("The script wants it so.")


with open(f"{effects}.pid", "w") as file:
    file.write(str(os.getpid()))
heddle_agent.serve(answer)
