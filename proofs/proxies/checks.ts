import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import type { ClientHttp2Stream } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { EventSource } from 'eventsource';
import { isRecord } from '../../src/protocol/internal.ts';
import { createCaller } from '../../test/rig/caller.ts';
import type { Caller } from '../../test/rig/caller.ts';
import type { Behind } from './backend.ts';

/** One column of the table. */
export interface ProxyCheck {
  readonly title: string;
  /** Resolves with the cell. */
  run(behind: Behind): Promise<string>;
}

const accept = { accept: 'text/event-stream', 'accept-encoding': 'identity' };

const lateness: ProxyCheck = {
  title: 'late, ms: median, p99',
  run: async (behind) => {
    const late: number[] = [];
    const { body } = await openStream(behind, 'ticks');
    const decoder = new TextDecoder();
    let line = '';
    for await (const chunk of body ?? []) {
      line += decoder.decode(chunk, { stream: true });
      for (const [, at] of line.matchAll(/<([\d.]+)>/g)) late.push(performance.now() - Number(at));
      if (line.includes('"message_end"')) break;
      line = line.slice(line.lastIndexOf('>') + 1);
    }
    late.sort((one, other) => one - other);
    const rank = (share: number): string => (late[Math.floor(late.length * share)] ?? NaN).toFixed(0);
    return `${rank(0.5)}, ${rank(0.99)}`;
  },
};

const compression: ProxyCheck = {
  title: 'compression asked for',
  run: async (behind) => {
    const left = new AbortController();
    const { body, headers } = await openStream(behind, 'history', {
      headers: { ...accept, 'accept-encoding': 'gzip, br, zstd' },
      signal: left.signal,
    });
    const word = findText(body, '"word"').then(() => '✓');
    const said = await Promise.race([word, delay(3_000, '**nothing arrives**')]);
    left.abort();
    await word.catch(() => {});
    const encoding = headers.get('content-encoding') ?? 'identity';
    return encoding === 'identity' ? said : `${encoding}, ${said}`;
  },
};

const leaving: ProxyCheck = {
  title: 'leaving noticed; HTTP/2',
  run: async (behind) => {
    const left = { ...behind, url: `${behind.url}/left` };
    const session = await speak(left, 'wait');
    const find = async (caller: Caller): Promise<number> => {
      const stream = await caller.listen(`${left.url}/stream/${session}`, { headers: accept });
      await stream.until('word');
      const from = performance.now();
      stream.leave();
      while (behind.streams() > 0 && performance.now() - from < 60_000) await delay(5);
      return performance.now() - from;
    };
    const seconds = [await find(behind.http1), await find(behind.http2)].map((ms) => ms / 1_000);
    // The first keepalive comes after 15 s.
    return seconds
      .map((each) => (each < 10 ? `${each.toFixed(1)} s` : `**${each.toFixed(0)} s**`))
      .join('; ');
  },
};

const cut: ProxyCheck = {
  title: 'a cut arrives as',
  run: async (behind) => {
    const young = { ...behind, url: `${behind.url}/young` };
    const find = async (caller: Caller): Promise<string> => {
      const session = await speak(young, 'wait');
      const { body } = await caller.fetch(`${young.url}/stream/${session}`, { headers: accept });
      return readAll(body).then(
        () => '**a clean end**',
        () => 'a cut',
      );
    };
    const [first, second] = await Promise.all([find(behind.http1), find(behind.http2)]);
    return first === second ? first : `${first}; HTTP/2: ${second}`;
  },
};

const silence: ProxyCheck = {
  title: 'silence borne',
  run: async (behind) => {
    const silent = { ...behind, url: `${behind.url}/silent` };
    const left = new AbortController();
    const { body } = await openStream(silent, 'wait', { headers: accept, signal: left.signal });
    const from = performance.now();
    const ended = readAll(body).catch(() => {});
    await Promise.race([ended, delay(75_000)]);
    const seconds = Math.round((performance.now() - from) / 1_000);
    left.abort();
    await ended;
    return seconds >= 75 ? 'over 75 s' : `${seconds} s`;
  },
};

const host: ProxyCheck = {
  title: 'Host',
  run: async (behind) => {
    const headers = { origin: behind.url };
    const { status } = await behind.http2.fetch(`${behind.url}/session`, { method: 'POST', headers });
    return status === 201 ? 'kept' : '**changed**';
  },
};

const address: ProxyCheck = {
  title: 'a caller chooses its address',
  run: async (behind) => {
    if (!behind.url.includes('chat.')) return '–';
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    await behind.http2.fetch(`${behind.url}/session`, { method: 'POST', headers });
    return behind.addresses().has('203.0.113.9') ? '**yes**' : 'no';
  },
};

const manyStreams: ProxyCheck = {
  title: '20 streams and a POST, HTTP/2',
  run: async (behind) => {
    if (!behind.url.startsWith('https:')) return '–';
    const session = await speak(behind, 'wait');
    const left = new AbortController();
    const { signal } = left;
    // A connection of its own, because Apache allows more streams once it has answered some requests.
    const caller = createCaller('HTTP/2');
    let open = 0;
    const streams = Array.from({ length: 20 }, () =>
      caller.fetch(`${behind.url}/stream/${session}`, { headers: accept, signal }).then(
        () => void (open += 1),
        () => {},
      ),
    );
    await Promise.race([Promise.all(streams), delay(3_000)]);
    const posted = caller.fetch(`${behind.url}/session`, { method: 'POST', signal }).then(
      () => 'answered',
      () => '',
    );
    const answer = await Promise.race([posted, delay(3_000, 'not answered')]);
    left.abort();
    await Promise.all([...streams, posted]);
    await caller.close();
    return open === 20 && answer === 'answered' ? '✓' : `**${open} open, POST ${answer}**`;
  },
};

/** As a page that has loaded its files, and then changes the session that it shows four times. */
const closedStreams: ProxyCheck = {
  title: 'POST after 4 closed streams, HTTP/2',
  run: async (behind) => {
    if (!behind.url.startsWith('https:')) return '–';
    const session = await speak(behind, 'wait');
    // A caller may open another connection. A browser closes the stream and stays on this one.
    const connection = connect(behind.url.replace('chat.example.com', 'localhost'), {
      rejectUnauthorized: false,
    });
    const ask = async (method: string, path: string): Promise<ClientHttp2Stream> => {
      const stream = connection.request({ ':method': method, ':path': path, ...accept }, { endStream: true });
      stream.on('error', () => {}).resume();
      await once(stream, 'response');
      return stream;
    };
    for (let file = 0; file < 50; file += 1) await once(await ask('GET', '/health'), 'close');
    for (let count = 0; count < 4; count += 1) {
      (await ask('GET', `/stream/${session}`)).close(constants.NGHTTP2_CANCEL);
      await delay(150);
    }
    const posted = ask('POST', '/session').then(
      () => '✓',
      () => '',
    );
    const cell = await Promise.race([posted, delay(3_000, '**not answered**')]);
    connection.destroy();
    return cell;
  },
};

/** It takes the server away for 6 s. */
const restart: ProxyCheck = {
  title: 'EventSource, server away for 6 s',
  run: async (behind) => {
    const session = await speak(behind, 'wait');
    const source = new EventSource(`${behind.url}/stream/${session}`, {
      fetch: (url, init) => {
        const headers = { ...init.headers, 'accept-encoding': 'identity' };
        return behind.http2.fetch(url, { headers, redirect: init.redirect });
      },
    });
    await new Promise((resolve) => source.addEventListener('message', resolve, { once: true }));
    behind.goDown();
    await delay(6_000);
    await behind.comeBack();
    const back = new Promise<string>((resolve) =>
      source.addEventListener('message', () => resolve('comes back')),
    );
    await post(behind.http1, `${behind.url}/message/${session}`, { content: 'more' });
    const gaveUp = (async () => {
      while (source.readyState !== source.CLOSED) await delay(50);
      return '**gives up**';
    })();
    const result = await Promise.race([back, gaveUp, delay(20_000, '**hangs**')]);
    source.close();
    await gaveUp;
    return result;
  },
};

/** One after the other for each proxy: their figures need a quiet machine. */
export const alone: readonly ProxyCheck[] = [
  lateness,
  compression,
  cut,
  host,
  address,
  manyStreams,
  closedStreams,
];

/** Side by side for all proxies: they wait most of the time. */
export const together: readonly ProxyCheck[] = [leaving, silence];

/** At the end. */
export const atLast: readonly ProxyCheck[] = [restart];

/** Sends a message to a new session. Resolves with the session's id. */
async function speak({ url, http1 }: Behind, content: string): Promise<string> {
  const made = await post(http1, `${url}/session`, { message: { content } });
  const answer: unknown = await made.json();
  return isRecord(answer) ? String(answer['session_id']) : '';
}

function post(caller: Caller, url: string, body: object): ReturnType<Caller['fetch']> {
  return caller.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function openStream(
  behind: Behind,
  content: string,
  init: Parameters<Caller['fetch']>[1] = { headers: accept },
): ReturnType<Caller['fetch']> {
  return behind.http2.fetch(`${behind.url}/stream/${await speak(behind, content)}`, init);
}

type Body = Awaited<ReturnType<Caller['fetch']>>['body'];

async function findText(body: Body, text: string): Promise<void> {
  let heard = '';
  for await (const chunk of body ?? []) {
    heard += new TextDecoder().decode(chunk);
    if (heard.includes(text)) return;
  }
}

async function readAll(body: Body): Promise<void> {
  for await (const chunk of body ?? []) void chunk;
}
