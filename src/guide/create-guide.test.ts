import { expect, test } from 'vitest';
import type { AgentEvent, MessageState } from 'heddle';
import { ask, textOf } from './ask.fixture.ts';
import { createGuide } from './index.ts';
import type { Doc } from './to-sections.ts';

const docs = (): readonly Doc[] => [
  { title: 'Protocol', path: 'PROTOCOL.md', text: '## Resume\nA reader comes back with `Last-Event-ID`.' },
];
const env = { HEDDLE_GUIDE_PACE_MS: '0' };
const now = (): Date => new Date('2026-11-22T11:15:03Z');

test('a question about the docs is searched and answered word by word, without a key or a network', async () => {
  const events = await ask(await createGuide({ docs, env }), 'How do I resume a reader?');
  expect(textOf(events)).toBe(
    'Let me look in the documentation.\nThis is what the documentation says:\n\n**Resume** · `PROTOCOL.md`\n\n> A reader comes back with `Last-Event-ID`.',
  );
  expect(events.filter(({ type }) => type === 'content').length).toBeGreaterThan(10);
  expect(events.filter(({ type }) => type === 'tool_use_input').length).toBeGreaterThan(1);
  expect(events.filter(({ type }) => type === 'usage')).toEqual([]);
  expect(events.at(-1)).toEqual({ type: 'stop', reason: 'end_turn' });
});

test('two questions in one prompt call two tools', async () => {
  const events = await ask(
    await createGuide({ docs, env, now }),
    'What is 2^10 and what time is it in Tokyo?',
  );
  expect(events.filter(({ type }) => type === 'tool_use')).toMatchObject([
    { tool: 'calculator', input: { expression: '2^10' } },
    { tool: 'current_time', input: { place: 'Tokyo' } },
  ]);
  expect(textOf(events)).toContain('`2^10` = **1024**');
  expect(textOf(events)).toContain('In Asia/Tokyo it is **20:15** on Sunday, 2026-11-22 (UTC+09:00).');
});

test('a Japanese question is answered in Japanese', async () => {
  const events = await ask(await createGuide({ docs, env, now }), '東京は今何時ですか?');
  expect(textOf(events)).toBe(
    '時計を見ます。\nAsia/Tokyo は現在 2026-11-22（日）**20:15** です（UTC+09:00）。',
  );
});

test('a calculation goes on from the one in the history', async () => {
  const history: readonly MessageState[] = [
    { role: 'user', message: 'm', turn: 't0', at: 0, content: '6*7', status: 'started' },
    {
      role: 'agent',
      turn: 't0',
      message: 'm',
      at: 0,
      attempt: 1,
      openSteps: [],
      outcome: 'completed',
      parts: [
        {
          type: 'tool',
          call: 'c',
          tool: 'calculator',
          inputText: '',
          input: { expression: '6*7' },
          status: 'ok',
          output: '42',
        },
      ],
    },
  ];
  expect(textOf(await ask(await createGuide({ docs, env }), 'and times 2?', history))).toContain('= **84**');
});

test('a cancel ends the guide at once, however slow its pace', async () => {
  const agent = await createGuide({ docs, env: { HEDDLE_GUIDE_PACE_MS: '1000' } });
  const cancel = new AbortController();
  const turn = agent.open({ session: 's', owner: 'ann' })({
    turn: 't',
    attempt: 1,
    input: { type: 'message', content: 'Hi' },
    signal: cancel.signal,
    history: () => [],
    save: () => {},
  });
  const said: AgentEvent[] = [];
  for await (const event of turn) {
    said.push(event);
    // The pause after this word takes a second, so the abort comes during the pause.
    if (typeof event !== 'string' && event.type === 'content') setImmediate(() => cancel.abort());
  }
  expect(said.filter((event) => typeof event !== 'string' && event.type === 'content')).toHaveLength(1);
});

test('the docs are read once, when the guide first searches', async () => {
  let reads = 0;
  const read = (): readonly Doc[] => {
    reads += 1;
    return docs();
  };
  const agent = await createGuide({ docs: read, env });
  await ask(agent, 'Hi');
  expect(reads).toBe(0);
  await Promise.all([ask(agent, 'How do I resume?'), ask(agent, 'How do I resume a reader?')]);
  expect(reads).toBe(1);
});

test('the guide’s tools are declared to be callable again after a crash', async () => {
  expect((await createGuide({ docs, env })).tools?.['search_docs']).toEqual({ idempotent: true });
});

test.each([
  [{ HEDDLE_MODEL: 'gpt-5' }, /^HEDDLE_MODEL must be openai:…/],
  [{ HEDDLE_MODEL: 'openai:' }, /^HEDDLE_MODEL must be openai:…/],
  [{ HEDDLE_MODEL: 'openai:gpt-5.4' }, /^HEDDLE_MODEL=openai:gpt-5.4 needs OPENAI_API_KEY to be set\.$/],
  [{ HEDDLE_MODEL: 'anthropic:x', ANTHROPIC_API_KEY: ' ' }, /needs ANTHROPIC_API_KEY/],
  [{ HEDDLE_MODEL: 'google:x' }, /needs GEMINI_API_KEY/],
  [{ HEDDLE_MODEL: 'bedrock:x' }, /needs AWS_REGION/],
  [{ HEDDLE_GUIDE_PACE_MS: 'fast' }, /^HEDDLE_GUIDE_PACE_MS must be a number/],
])('%o is refused with one clear sentence', async (wrong, words) => {
  await expect(createGuide({ docs, env: wrong })).rejects.toThrow(words);
});
