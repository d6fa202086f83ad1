"""An agent behind FastAPI, in four forms. Heddle takes each of them as it is.

    uvicorn fastapi_agent:app --port 9000
    npx heddle serve http://127.0.0.1:9000/stream          # or /typed, /events, /lines

`/stream` and `/typed` are what most samples show: a prompt in, server-sent events out. Behind Heddle their
answers are kept, resumed and shared. `/events` sends the events of Strands as they are. `/lines` gets the
conversation, and speaks all of Heddle's events: it remembers.
"""

import asyncio
import json
import os
from typing import Any, AsyncIterator, Dict

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

app = FastAPI()
PAUSE = float(os.environ.get("PAUSE", "0.03"))


class Prompt(BaseModel):
    prompt: str


async def stream_async(prompt: str) -> AsyncIterator[Dict[str, Any]]:
    """Stands for `agent.stream_async(prompt)` of Strands: yields its events, with a tool in the middle."""
    yield {"init_event_loop": True}
    for word in ["Let ", "me ", "count. "]:
        await asyncio.sleep(PAUSE)
        yield {"data": word}
    use = {"toolUseId": "u1", "name": "count", "input": {"text": prompt}}
    yield {"current_tool_use": {**use, "input": json.dumps(use["input"])}}
    yield {"message": {"role": "assistant", "content": [{"toolUse": use}]}}
    await asyncio.sleep(PAUSE)
    result = {"toolUseId": "u1", "status": "success", "content": [{"text": str(len(prompt.split()))}]}
    yield {"message": {"role": "user", "content": [{"toolResult": result}]}}
    for word in ["Your ", "words: ", str(len(prompt.split()))]:
        await asyncio.sleep(PAUSE)
        yield {"data": word}


@app.post("/stream")
async def stream(request: Prompt) -> StreamingResponse:
    """Sends named events: `content`, `tool_use`, `error` and `end`."""

    async def generate() -> AsyncIterator[str]:
        try:
            async for event in stream_async(request.prompt):
                if "data" in event:
                    yield f"event: content\ndata: {json.dumps({'content': event['data']})}\n\n"
                elif "current_tool_use" in event:
                    use = event["current_tool_use"]
                    call = {"tool": use["name"], "input": use["input"], "id": use["toolUseId"]}
                    yield f"event: tool_use\ndata: {json.dumps(call)}\n\n"
            yield "event: end\ndata: {}\n\n"
        except Exception as error:
            yield f"event: error\ndata: {json.dumps({'error': str(error)})}\n\n"

    return StreamingResponse(generate(), media_type="text/event-stream")


@app.post("/typed")
async def typed(request: Prompt) -> StreamingResponse:
    """Sends unnamed events with a `type`. The generator just stops."""

    async def generate() -> AsyncIterator[str]:
        async for event in stream_async(request.prompt):
            if "data" in event:
                yield f"data: {json.dumps({'type': 'content', 'data': event['data']})}\n\n"
            elif "current_tool_use" in event:
                use = event["current_tool_use"]
                yield f"data: {json.dumps({'type': 'tool_use', 'tool': use['name'], 'input': use['input']})}\n\n"

    return StreamingResponse(generate(), media_type="text/event-stream")


@app.post("/events")
async def events(request: Prompt) -> StreamingResponse:
    """Sends the events of Strands as they are. A value that is no JSON is sent as its text."""

    async def generate() -> AsyncIterator[str]:
        async for event in stream_async(request.prompt):
            yield f"data: {json.dumps(event, default=str)}\n\n"

    return StreamingResponse(generate(), media_type="text/event-stream")


@app.post("/lines")
async def lines(request: Request) -> StreamingResponse:
    """Speaks Heddle's lines: one JSON a line, with the conversation in the request."""
    turn = await request.json()

    async def generate() -> AsyncIterator[str]:
        earlier = len(turn["messages"]) - 1
        yield json.dumps({"type": "reasoning", "data": f"There are {earlier} messages before this one."}) + "\n"
        async for event in stream_async(turn["prompt"]):
            if "data" in event:
                yield json.dumps(event["data"]) + "\n"
            for block in event.get("message", {}).get("content", []):
                if "toolUse" in block:
                    use = block["toolUse"]
                    call = {"call": use["toolUseId"], "tool": use["name"], "input": use["input"]}
                    yield json.dumps({"type": "tool_use", **call}) + "\n"
                if "toolResult" in block:
                    result = block["toolResult"]
                    output = {"call": result["toolUseId"], "output": result["content"][0]["text"]}
                    yield json.dumps({"type": "tool_result", **output}) + "\n"
        yield '{"type": "end"}\n'

    return StreamingResponse(generate(), media_type="application/x-ndjson")
