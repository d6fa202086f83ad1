import { afterEach, expect, test } from 'vitest';
import { createClient } from 'heddle/client';
import { run } from './child.fixture.ts';
import type { Child } from './child.fixture.ts';

let child: Child | undefined;
afterEach(() => child?.stop());

test.each(['node-http', 'express', 'fastify', 'hono'])(
  'the server runs inside %s, beside its other routes',
  async (name) => {
    child = run([`examples/${name}.ts`], { env: { PORT: '0' } });
    const [, port] = await child.waitFor(/port: (\d+)/);
    const url = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${url}/`)).text()).toBe('something else');

    const oneShot = await (await fetch(`${url}/agent/stream?prompt=hello`)).text();
    expect(oneShot).toContain('event: tool_use');
    expect(oneShot).toContain('event: end');

    const session = await createClient({ url: `${url}/agent` }).create();
    await session.send('hello there');
    let text = '';
    for await (const { event } of session.events()) {
      if (event.type === 'content' && 'data' in event) text += event.data;
      if (event.type === 'message_end') break;
    }
    expect(text).toBe('You said: hello there ');
    // A body that is no JSON is refused by whoever reads it first, and the server goes on.
    const bad = await fetch(`${url}/agent/message/${session.id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(bad.status).toBe(400);
    expect((await fetch(`${url}/agent/health`)).status).toBe(200);

    // A signal ends what is open, and then the process.
    const open = await fetch(`${url}/agent/stream/${session.id}`);
    const ended = open.text();
    expect(await child.stop('SIGTERM')).toBe(0);
    expect(await ended).toContain('message_end');
  },
);
