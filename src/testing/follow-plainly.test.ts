import { expect, test } from 'vitest';
import { check } from './check.ts';
import { createHistory } from './create-history.ts';
import { followPlainly } from './follow-plainly.ts';

function withdraw(seq: number): string {
  return `id: ${seq}-aaaaaa\ndata: {"type":"withdraw","message":"m${seq}"}\n\n`;
}

/**
 * Creates a server that answers each connection with the next of these bodies. `asked` lists the
 * Last-Event-ID of each request.
 */
function serve(bodies: readonly string[]): {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly asked: readonly (string | null)[];
} {
  const asked: (string | null)[] = [];
  return {
    asked,
    fetch: async (request) => {
      const body = bodies[asked.length];
      asked.push(request.headers.get('last-event-id'));
      return new Response(body ?? null, { status: body === undefined ? 404 : 200 });
    },
  };
}

async function follow(bodies: readonly string[]): Promise<{
  readonly asked: readonly (string | null)[];
  readonly ids: readonly (readonly (string | undefined)[])[];
  readonly rules: readonly string[];
}> {
  const history = createHistory();
  const reader = history.reader({ reader: 'r', session: 's', principal: 'ann' });
  const { fetch, asked } = serve(bodies);
  const { signal } = new AbortController();
  await followPlainly({ url: 'http://localhost/stream/s', reader, signal, fetch, pauseMs: () => 0 });
  const seen = history.toHistory();
  return {
    asked,
    ids: seen.readers.flatMap(({ connections }) =>
      connections.map(({ received }) => received.map(({ id }) => id)),
    ),
    rules: check(seen).map(({ rule }) => rule),
  };
}

test('it reconnects with the last id after any end, and stops when the session is gone', async () => {
  const { asked, ids, rules } = await follow([
    withdraw(1) + withdraw(2) + withdraw(3).slice(0, 20),
    '',
    withdraw(3),
  ]);
  expect(asked).toEqual([null, '2-aaaaaa', '2-aaaaaa', '3-aaaaaa']);
  expect(ids).toEqual([['1-aaaaaa', '2-aaaaaa'], [], ['3-aaaaaa']]);
  expect(rules).toEqual([]);
});

test('it records the faults of a server: a repeat, a gap, an event without an id of its own', async () => {
  const { ids, rules } = await follow([
    `${withdraw(1)}${withdraw(1)}data: {"type":"drain"}\n\n`,
    withdraw(4),
  ]);
  expect(ids).toEqual([['1-aaaaaa', '1-aaaaaa', undefined], ['4-aaaaaa']]);
  expect(rules).toEqual(['R3', 'R2']);
});

test('a resync moves the id for the next reconnect', async () => {
  const resync = {
    type: 'resync',
    reason: 'trimmed',
    from: '1-aaaaaa',
    state: { session: 's', messages: [], last: '7-aaaaaa' },
  };
  const { asked, rules } = await follow([
    withdraw(1),
    `data: ${JSON.stringify(resync)}\n\n${withdraw(8)}`,
    withdraw(9),
  ]);
  expect(asked).toEqual([null, '1-aaaaaa', '8-aaaaaa', '9-aaaaaa']);
  expect(rules).toEqual([]);
});
