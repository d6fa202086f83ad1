"""The smallest reader of one answer over aiohttp: it knows `data:` lines and nothing else of the format."""

import asyncio
import json
import sys

import aiohttp


async def read(url, prompt):
    async with aiohttp.ClientSession() as http, http.get(f"{url}/stream?prompt={prompt}") as response:
        async for line in response.content:
            if line.startswith(b"data:"):
                yield json.loads(line[5:])


async def main(url, prompt):
    async for event in read(url, prompt):
        if event["type"] == "content":
            print(event["data"], end="")
        elif event["type"] == "end":
            break


asyncio.run(main(*sys.argv[1:]))
