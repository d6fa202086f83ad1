"""Requests to OpenAI's API with Python's standard library. Reads requests as lines of JSON, and prints what comes."""

import http.client
import json
import sys
import threading
import urllib.parse

lock = threading.Lock()


def tell(number, **what):
    with lock:
        print(json.dumps({"number": number, **what}), flush=True)


def ask(number, method, url, headers, body=None):
    address = urllib.parse.urlsplit(url)
    path = address.path + ("?" + address.query if address.query else "")
    connection = http.client.HTTPConnection(address.hostname, address.port)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        tell(number, session=response.headers.get("heddle-session"))
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {response.read().decode()}")
        if not response.headers["content-type"].startswith("text/event-stream"):
            tell(number, value=json.loads(response.read()))
        # A connection that breaks raises an error here.
        for line in response:
            text = line.decode().rstrip("\n")
            if text.startswith("data: ") and text != "data: [DONE]":
                tell(number, value=json.loads(text[6:]))
        tell(number, end=True)
    except Exception as error:
        tell(number, error=repr(error))
    finally:
        connection.close()


tell(-1, session=None)
for line in sys.stdin:
    threading.Thread(target=ask, kwargs=json.loads(line), daemon=True).start()
