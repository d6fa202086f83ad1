import { PassThrough, Writable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient } from '../../client/index.ts';
import type { Session } from '../../client/index.ts';
import { memoryStore } from '../../log/index.ts';
import { listen } from '../../node/index.ts';
import type { Agent } from '../../protocol/index.ts';
import { createServer } from '../../server/index.ts';
import { chat } from './chat.ts';

/** Asks for two approvals, then answers with the decisions it received. */
const agent: Agent = {
  open: () =>
    async function* ({ turn, input }) {
      if (input.type === 'answers') {
        yield `decided ${JSON.stringify(input.answers.map(({ decision }) => decision))}`;
        return;
      }
      yield { type: 'tool_use', call: 'c1', tool: 'pay', input: { amount: 7 } };
      yield { type: 'approval_request', approval: `${turn}-1`, call: 'c1', reason: { title: 'Pay 7?' } };
      yield { type: 'approval_request', approval: `${turn}-2`, reason: 'Sure?' };
    },
};

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function begin(): Promise<{ readonly url: string; readonly session: Session }> {
  const listening = await listen(createServer({ store: memoryStore(), agent }), { port: 0 });
  cleanups.push(() => listening.close(0));
  const { url } = listening;
  return { url, session: await createClient({ url }).create() };
}

/**
 * Creates a stream that collects its output. `see` resolves when the text after the last match holds what is
 * wanted.
 */
function collect(isTTY: boolean) {
  let text = '';
  let seen = 0;
  let look = (): void => {};
  const write = (chunk: Buffer, _: unknown, done: () => void): void => {
    text += chunk.toString();
    done();
    look();
  };
  return {
    output: Object.assign(new Writable({ write }), { isTTY, columns: 80 }),
    text: () => text,
    see: (wanted: string): Promise<void> =>
      new Promise((resolve) => {
        look = () => {
          const at = text.indexOf(wanted, seen);
          if (at < 0) return;
          seen = at + wanted.length;
          look = () => {};
          resolve();
        };
        look();
      }),
  };
}

function open(url: string, session: Session) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const screen = collect(true);
  const code = chat(url, { input, output: screen.output, session: session.id, env: { NO_COLOR: '1' } });
  cleanups.push(() => {
    input.end();
    return code;
  });
  return { ...screen, code, type: (keys: string) => void input.write(keys) };
}

const question = 'Approve? [y/N] ';

describe('approvals on a terminal', () => {
  test('are asked for one by one, and then the answer continues', async () => {
    const { url, session } = await begin();
    const terminal = open(url, session);
    await terminal.see('› ');
    terminal.type('pay\r');
    await terminal.see('asks for approval: \n  title: Pay 7?\n→ pay: \n  amount: 7\n');
    await terminal.see(question);
    terminal.type('y\r');
    await terminal.see('asks for approval: Sure?\n');
    await terminal.see(question);
    terminal.type('\r');
    await terminal.see('decided [true,false]');
    await terminal.see('› ');
    terminal.type('\u0004');
    expect(await terminal.code).toBe(0);
  });

  test('are asked for again when the answer is neither yes nor no', async () => {
    const { url, session } = await begin();
    await session.send('pay');
    const terminal = open(url, session);
    await terminal.see(question);
    terminal.type('what?\r');
    await terminal.see('Please answer y or n');
    await terminal.see(question);
    terminal.type('YES\r');
    await terminal.see('Sure?');
    terminal.type('no\r');
    await terminal.see('decided [true,false]');
  });

  test('leave the prompt when another client answers them, and text typed for one does not answer the next', async () => {
    const { url, session } = await begin();
    await session.send('pay');
    const terminal = open(url, session);
    await terminal.see(question);
    terminal.type('y');
    await terminal.see('y');
    const [first, second] = (await session.state()).approvals;
    await session.answer(first?.approval ?? '', false);
    await terminal.see('denied');
    await terminal.see('Sure?');
    await terminal.see(question);
    terminal.type('y');
    await terminal.see('y');
    await session.answer(second?.approval ?? '', false);
    await terminal.see('decided [false,false]');
    await terminal.see('› ');
    terminal.type('\r\u0004');
    expect(await terminal.code).toBe(0);
    expect((await session.state()).messages.filter(({ role }) => role === 'user')).toHaveLength(1);
  });

  test('are cancelled at Ctrl-C, and a half-typed message comes back', async () => {
    const { url, session } = await begin();
    const terminal = open(url, session);
    await terminal.see('› ');
    terminal.type('half');
    await terminal.see('half');
    await session.send('pay');
    await terminal.see(question);
    terminal.type('\u0003');
    await terminal.see('cancelling…');
    await terminal.see('the approval was cancelled');
    await terminal.see('› half');
    expect((await session.state()).approvals).toEqual([]);
  });
});

test('a pipe denies approvals, reports that on the error output, and exits with code 1', async () => {
  const { url, session } = await begin();
  const answers = collect(false);
  const asides = collect(false);
  const code = await chat(url, {
    input: PassThrough.from(['pay\n']),
    output: answers.output,
    errorOutput: asides.output,
    session: session.id,
    env: {},
  });
  expect(code).toBe(1);
  expect(answers.text()).toBe('decided [false,false]\n');
  expect(asides.text()).toContain(
    'asks for approval: Sure?\nDenied: without a terminal no one can approve it.',
  );
});
