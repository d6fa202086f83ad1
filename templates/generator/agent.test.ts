import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createClient } from 'heddle/client';
import { memoryStore } from 'heddle/log';
import { createServer } from 'heddle/server';
import agent from './agent.ts';

// A whole server, without a port and without a disk.
const heddle = createServer({ agent, store: memoryStore() });
after(() => heddle.close());
const client = createClient({
  url: 'http://localhost',
  fetch: (url, init) => heddle.fetch(new Request(url, init)),
});

/**
 * Sends a message to a new session, and gives `decision` to what it asks. Returns the answer and its tools.
 */
async function ask(message: string, decision?: boolean) {
  const session = await client.create();
  await session.send(message);
  let asked = 0;
  for await (const { event } of session.events()) {
    if (event.type !== 'message_end') continue;
    assert.ok(event.outcome === 'completed' || event.outcome === 'waiting', JSON.stringify(event));
    if (event.outcome === 'completed') break;
    assert.ok(decision !== undefined, 'It asks for an approval.');
    for (const approval of event.approvals ?? []) {
      asked += 1;
      await session.answer(approval, decision);
    }
  }
  const { messages } = await session.state();
  const answers = messages.filter((each) => each.role === 'agent').flatMap((each) => each.parts);
  return {
    asked,
    text: answers.map((part) => ('text' in part ? part.text : '')).join(''),
    tools: answers.flatMap((part) => ('tool' in part ? `${part.tool} ${part.status}` : [])),
  };
}

test('it finds an order, and asks nobody', async () => {
  const { asked, text, tools } = await ask('Where is order 17?');
  assert.equal(asked, 0);
  assert.match(text, /Order 17 is a loom for 120 euros\.$/);
  assert.deepEqual(tools, ['find_order ok']);
});

test('it pays an order back after a yes', async () => {
  const { asked, text, tools } = await ask('Pay order 17 back.', true);
  assert.equal(asked, 1);
  assert.match(text, /Order 17 is paid back: 120 euros\.$/);
  assert.equal(tools.at(-1), 'pay_back ok');
});

test('it pays nothing back after a no', async () => {
  const { asked, text } = await ask('Pay order 17 back.', false);
  assert.equal(asked, 1);
  assert.match(text, /Nothing is paid back\.$/);
});
