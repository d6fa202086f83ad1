"""The steps of the tests of `heddle_client`: `steps.py '[["follow", {…}], …]'` prints what each returns."""

import asyncio
import base64
import json
import random
import sys
from concurrent.futures import ThreadPoolExecutor

import heddle_client
from heddle_client import Client, Frames, HeddleError


def hurry():
    """Takes chance and the budget of attempts out of the waits, so that many faults take no time."""
    heddle_client.WINDOW = 0.0
    random.random = lambda: 0.0


def parse_cases(path):
    """Returns the cases that are parsed otherwise than expected, each with one of the cuts that does it."""
    with open(path, encoding="utf8") as file:
        cases = json.load(file)
    return [flaw for case in cases for flaw in list(find_flaws(case))[:1]]


def find_flaws(case):
    decode = base64.b64decode if case["encoding"] == "base64" else str.encode
    chunks = [decode(chunk) for chunk in case["chunks"]]
    whole = b"".join(chunks)
    cuts = [chunks, [whole], [whole[at : at + 1] for at in range(len(whole))]]
    cuts += [[whole[:at], whole[at:]] for at in range(1, len(whole))]
    expected = case["expected"]
    for cut in cuts:
        parser = Frames()
        frames = [frame for chunk in cut for frame in parser.push(chunk)]
        is_same = (
            [(frame.event, frame.data) for frame in frames]
            == [(frame.get("event", "message"), frame["data"]) for frame in expected]
            and all(one.get("ownId", frame.id) == frame.id for one, frame in zip(expected, frames))
            and (parser.retry, parser.last_id) == (case["expectedRetry"], case["expectedLastEventId"])
        )
        if not is_same:
            yield [case["name"], [str(chunk) for chunk in cut], frames, parser.retry, parser.last_id]


def follow(url, session, via="sync", ends=1, after=None, silence=45.0, token=None):
    """Returns each id and event until so many turns have ended, or the error. `token` may be a list."""
    hurry()
    asked = []

    def renew():
        asked.append(token[min(len(asked), len(token) - 1)])
        return asked[-1]

    handle = Client(url, renew if isinstance(token, list) else token, silence).session(session)
    items = []
    take = handle.events(after) if via == "sync" else read_async(handle, via, after)
    try:
        if via == "sync":
            for item in take:
                items.append(item)
                if is_over(items, ends):
                    break
        else:
            asyncio.run(collect(take, items, ends))
    except HeddleError as error:
        items.append({"error": error.code, "status": error.status})
    return items + [{"asked": asked}] if asked else items


def is_over(items, ends):
    return sum(event["type"] == "message_end" for _, event in items) == ends


async def collect(events, items, ends):
    async for item in events:
        items.append(item)
        if is_over(items, ends):
            await events.aclose()
            return


async def read_async(handle, via, after):
    if via == "httpx":
        from httpx import AsyncClient as Http
    else:
        from aiohttp import ClientSession as Http
    async with Http() as http:
        async for item in handle.aevents(http, after):
            yield item


def at_once(steps):
    """Returns what steps return that run at the same time."""
    # anyio, below httpx, loads this with its first use, and fails if two threads are the first at once.
    import anyio._backends._asyncio  # noqa: F401

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def play(url, call=False, after=None, waits=99):
    """Returns the events and waits of one that follows or sends, to the first end, error or last wait."""
    clock, seen = [0.0], []

    def sleep(seconds):
        clock[0] += seconds
        seen.append({"wait": round(seconds, 3)})
        if sum("wait" in one for one in seen) == waits:
            raise StopIteration

    heddle_client.time.sleep, heddle_client.time.monotonic = sleep, lambda: clock[0]
    random.random = lambda: 1.0
    session = Client(url).session("s")
    try:
        if call:
            seen.append({"sent": session.send("Hi")})
        for id, event in [] if call else session.events(after):
            seen.append({"id": id, **event})
            if event["type"] == "message_end":
                break
    except HeddleError as error:
        seen.append({"error": error.code, "status": error.status})
    except (StopIteration, RuntimeError):
        pass
    return seen


def send_many(url, count):
    """Creates sessions with a message and sends each another one, twice. Returns their ids."""
    hurry()
    heddle_client.TRIES = 100
    client = Client(url, silence=0.3)

    def send(_):
        session = client.create(metadata={"a": 1}, message="first")
        second = session.send("second", author="Ada", key="k")
        assert session.sent and session.sent != second == session.send("second", author="Ada", key="k")
        return session.id

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(send, range(count)))


def converse(url):
    """Does all that a client can do, with an agent that asks or waits as its message says."""
    client = Client(url)
    session = client.create()
    events = session.events()

    def until(kind):
        return next(event for _, event in events if event["type"] == kind)

    def refusal(act, *args, **options):
        try:
            act(*args, **options)
        except HeddleError as error:
            return [error.code, error.status]

    asks = session.send("ask")
    approval = until("approval_request")["approval"]
    until("message_end")
    session.answer(approval, {"yes": None})
    seen = {
        "answer": until("approval_answer")["decision"],
        "answered": refusal(session.answer, approval, None),
    }
    until("message_end")

    waits = session.send("wait", on_busy="queue")
    until("content")
    seen["busy"] = refusal(session.send, "no", on_busy="reject")
    never = session.send("never")
    session.withdraw(never.message)
    session.cancel("another-turn")
    session.cancel(waits.turn)
    seen["outcome"] = until("message_end")["outcome"]
    seen["started"] = refusal(session.withdraw, waits.message)

    users = [one["message"] for one in session.state()["messages"] if one["role"] == "user"]
    seen["users"] = users == [asks.message, waits.message, never.message]
    seen["window"] = [session.state(messages=1)["earlier"], refusal(session.state, messages=1, before="none")]
    made = {session.id, *(client.create().id for _ in range(110))}
    listed = [row["session_id"] for row in client.sessions()]
    seen["listed"] = len(listed) == len(made) and set(listed) == made
    session.delete()
    session.delete()
    seen["gone"] = [refusal(session.send, "Hi"), refusal(until, "message")]
    return seen


def come_back_unknown(url):
    """Returns the first event after an id of no entry, and whether exactly the new events follow it."""
    session = Client(url).create(message="Hi")
    for id, event in session.events():
        if event["type"] == "message_end":
            break
    events = session.events(after="99-aaaaaa")
    resync = next(events)
    session.send("Again")
    after = [next(events)]
    while after[-1][1]["type"] != "message_end":
        after.append(next(events))
    known = session.events(after=id)
    return {"first": resync, "last": id, "exact": after == [next(known) for _ in after]}


def refuse_input():
    """Returns the kinds of error of what cannot be sent, or is no server."""

    def kind(act):
        try:
            act()
        except Exception as error:
            return type(error).__name__

    def fail():
        raise KeyError("no token")

    urls = ["127.0.0.1:8000", "ftp://a", "http://", "http://me:pw@a", "http://a/?b", "http://a/#b"]
    tokens = ["a\r\nb: c", "é", fail]
    return [kind(lambda: Client(url)) for url in urls] + [
        kind(lambda: next(Client("http://127.0.0.1:1", token).session("s").events())) for token in tokens
    ]


def run(step):
    name, args = step
    return globals()[name](**args)


if __name__ == "__main__":
    json.dump([run(step) for step in json.loads(sys.argv[1])], sys.stdout)
