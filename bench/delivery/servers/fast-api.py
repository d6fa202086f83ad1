"""FastAPI on uvicorn, a queue and a StreamingResponse for each reader: `fast-api.py <keepaliveMs>`."""

import asyncio
import json
import sys
import time

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

keepalive_s = float(sys.argv[1]) / 1000
readers = {}
said = {}
last = {}
app = FastAPI()


@app.get("/stream/{name}")
async def stream(name: str, request: Request):
    async def frames():
        queue = asyncio.Queue()
        readers.setdefault(name, set()).add(queue)
        try:
            yield b": hello\n\n"
            if name in last:
                yield last[name]
            while True:
                yield await queue.get()
        finally:
            readers[name].discard(queue)

    return StreamingResponse(frames(), media_type="text/event-stream")


def say(name, padding):
    place = said.get(name, 0) + 1
    said[name] = place
    mark = "#%08d.%014d" % (place, time.monotonic_ns() // 1000)
    data = json.dumps({"type": "content", "turn": "t", "part": "p1", "data": mark + " " + padding})
    frame = f"id: {place}\ndata: {data}\n\n".encode()
    last[name] = frame
    for queue in readers.get(name, ()):
        queue.put_nowait(frame)


async def pace(streams, count, perSecond, burst, padding=0, **_):
    total = count // burst * streams
    per_second = perSecond / burst * streams
    begun = time.monotonic()
    done = 0
    while done < total:
        await asyncio.sleep(0.001)
        due = min(total, int((time.monotonic() - begun) * per_second))
        while done < due:
            for _ in range(burst):
                say(str(done % streams), " " * padding)
            done += 1


async def keep_alive():
    while True:
        await asyncio.sleep(keepalive_s)
        for queues in list(readers.values()):
            for queue in list(queues):
                queue.put_nowait(b": keepalive\n\n")


async def main():
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", backlog=4096)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    beating = asyncio.create_task(keep_alive())
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print(json.dumps({"port": port}), flush=True)
    while line := await lines.readline():
        message = json.loads(line)
        if message["type"] == "say":
            await pace(**message)
        print("{}", flush=True)
    beating.cancel()
    serving.cancel()


asyncio.run(main())
