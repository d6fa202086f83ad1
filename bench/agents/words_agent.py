"""Says as many words as its prompt asks for."""

import sys
from typing import AsyncIterator

sys.path.insert(0, "examples/python")
import heddle_agent


async def answer(turn: heddle_agent.Turn) -> AsyncIterator[heddle_agent.Event]:
    for word in range(int(turn.prompt)):
        yield f"word {word} "


heddle_agent.serve(answer)
