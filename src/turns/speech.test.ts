import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent, SpokenEvent } from '../protocol/index.ts';
import { isSessionEvent } from '../protocol/index.ts';
import { checkEvent } from './agent-event.ts';
import { createSpeech } from './speech.ts';
import type { SpeechOptions } from './speech.ts';

/** Says the events and closes the speech. The result leaves out the turn. */
function say(
  events: readonly AgentEvent[],
  options: Partial<SpeechOptions> = {},
): Omit<SpokenEvent, 'turn'>[] {
  const { report = () => {} } = options;
  const speech = createSpeech({ turn: 't', attempt: 1, ...options });
  const said = [
    ...events.flatMap((event) => speech.say(checkEvent(event, report))),
    ...speech.close('cancelled'),
  ];
  return said.map(({ turn: _, ...event }) => event);
}

function isOf(...types: readonly SpokenEvent['type'][]): (event: { type: SpokenEvent['type'] }) => boolean {
  return ({ type }) => types.includes(type);
}

test('plain text becomes one part, opened and closed', () => {
  expect(say(['Hello ', 'world'])).toEqual([
    { type: 'content_start', part: 'p1' },
    { type: 'content', part: 'p1', data: 'Hello ' },
    { type: 'content', part: 'p1', data: 'world' },
    { type: 'content_end', part: 'p1' },
  ]);
});

test('reasoning, text and a tool call each end the part before', () => {
  const said = say([
    { type: 'reasoning', data: 'hm' },
    'Let me see',
    { type: 'tool_use', call: 'c', tool: 'clock', input: { zone: 'UTC' } },
    { type: 'tool_result', call: 'c', output: '12:00' },
    'It is noon',
  ]);
  expect(said).toEqual([
    { type: 'reasoning_start', part: 'p1' },
    { type: 'reasoning', part: 'p1', data: 'hm' },
    { type: 'reasoning_end', part: 'p1' },
    { type: 'content_start', part: 'p2' },
    { type: 'content', part: 'p2', data: 'Let me see' },
    { type: 'content_end', part: 'p2' },
    { type: 'tool_use_start', call: 'c', tool: 'clock' },
    { type: 'tool_use_input', call: 'c', data: '{"zone":"UTC"}' },
    { type: 'tool_use', call: 'c', tool: 'clock', input: { zone: 'UTC' } },
    { type: 'tool_result', call: 'c', output: '12:00', status: 'ok' },
    { type: 'content_start', part: 'p3' },
    { type: 'content', part: 'p3', data: 'It is noon' },
    { type: 'content_end', part: 'p3' },
  ]);
});

test('input that came in pieces is not repeated', () => {
  const said = say([
    { type: 'tool_use_start', call: 'c', tool: 'clock' },
    { type: 'tool_use_input', call: 'c', data: '{"a"' },
    { type: 'tool_use_input', call: 'c', data: ':1}' },
    { type: 'tool_use', call: 'c', tool: 'clock', input: { a: 1 } },
  ]);
  expect(said.filter((event) => JSON.stringify(event).includes('tool_use_input'))).toHaveLength(2);
  expect(said.at(-1)).toEqual({ type: 'tool_result', call: 'c', output: null, status: 'cancelled' });
});

test('several speakers keep their own parts', () => {
  const said = say([
    { type: 'content', data: 'a1', agent: ['a'] },
    { type: 'content', data: 'b1', agent: ['b'] },
    { type: 'content', data: 'a2', agent: ['a'] },
  ]);
  expect(said).toMatchObject([
    { type: 'content_start', part: 'p1', agent: ['a'] },
    { part: 'p1', data: 'a1' },
    { type: 'content_start', part: 'p2', agent: ['b'] },
    { part: 'p2', data: 'b1' },
    { part: 'p1', data: 'a2', agent: ['a'] },
    { type: 'content_end', part: 'p1' },
    { type: 'content_end', part: 'p2' },
  ]);
});

test('discard without names withdraws the text of the open step only', () => {
  const said = say([
    { type: 'step_start' },
    'kept',
    { type: 'step_end' },
    { type: 'step_start' },
    'thrown away',
    { type: 'discard' },
    'said again',
  ]);
  expect(said).toContainEqual({ type: 'discard', parts: ['p2'] });
});

test('discard of all withdraws all text and reasoning of every speaker and step, and no call', () => {
  const said = say([
    { type: 'step_start' },
    'first step',
    { type: 'discard' },
    'said again',
    { type: 'step_end' },
    { type: 'tool_use', call: 'c', tool: 'clock', input: {} },
    { type: 'reasoning', data: 'inner', agent: ['a'] },
    { type: 'content', part: 'x', data: 'named' },
    { type: 'discard', all: true, agent: ['a'] },
    { type: 'discard', all: true },
    'from the beginning',
  ]);
  expect(said.filter(isOf('discard'))).toEqual([
    { type: 'discard', parts: ['p1'] },
    { type: 'discard', parts: ['p2', 'x', 'p3'] },
  ]);
  // An open part is ended before it is withdrawn, and the next text is a part of its own.
  const types = said.map(({ type }) => type);
  const last = types.lastIndexOf('discard');
  expect(types.slice(last - 2)).toEqual([
    'content_end',
    'reasoning_end',
    'discard',
    'content_start',
    'content',
    'content_end',
    'tool_result',
  ]);
});

test('replace without a name replaces the last part', () => {
  expect(say(['secret', { type: 'replace', data: '[removed]' }])).toContainEqual({
    type: 'replace',
    part: 'p1',
    data: '[removed]',
  });
});

test('a second attempt repeats no name', () => {
  expect(say(['again'], { attempt: 2 })).toMatchObject([
    { part: 'p2.1' },
    { part: 'p2.1' },
    { part: 'p2.1' },
  ]);
});

test('usage adds up and the last reason stands', () => {
  const speech = createSpeech({ turn: 't', attempt: 1 });
  for (const event of [
    { type: 'usage', usage: { input_tokens: 1, output_tokens: 2 } },
    { type: 'usage', usage: { output_tokens: 3 } },
    { type: 'stop', reason: 'tool_use' },
    { type: 'stop', reason: 'end_turn' },
  ] as const) {
    expect(speech.say(event)).toEqual([]);
  }
  expect(speech.usage).toEqual({ input_tokens: 1, output_tokens: 5 });
  expect(speech.reason).toBe('end_turn');
});

test('a result of a call that the agent did not yield gets a call of its own', () => {
  expect(say(['text', { type: 'tool_result', call: 'search_1', output: 'found' }])).toMatchObject([
    { type: 'content_start' },
    { type: 'content' },
    { type: 'content_end' },
    { type: 'tool_use_start', call: 'search_1', tool: 'unknown' },
    { type: 'tool_use_input', call: 'search_1' },
    { type: 'tool_use', call: 'search_1', input: null },
    { type: 'tool_result', call: 'search_1', output: 'found', status: 'ok' },
  ]);
});

test('a result of a call of the turn before has the tool and the input from there', () => {
  const earlier = new Map([['c', { tool: 'pay', input: { euro: 5 } }]]);
  const speech = createSpeech({ turn: 't', attempt: 1, earlier });
  const said = speech.say(checkEvent({ type: 'tool_result', call: 'c', output: 'paid' }, () => {}));
  expect(said).toContainEqual({ type: 'tool_use', turn: 't', call: 'c', tool: 'pay', input: { euro: 5 } });
});

test('a second result of a call is left out and reported', () => {
  const problems: string[] = [];
  const said = say(
    [
      { type: 'tool_use', call: 'c', tool: 'clock', input: {} },
      { type: 'tool_result', call: 'c', output: 'first' },
      { type: 'tool_result', call: 'c', output: 'second' },
      { type: 'tool_progress', call: 'c', data: 'late' },
    ],
    { report: (problem) => problems.push(problem) },
  );
  expect(said.at(-1)).toMatchObject({ type: 'tool_result', output: 'first' });
  expect(problems).toEqual(['The agent yielded a second tool_result for the call "c". It is left out.']);
});

test('two open calls of one id are two calls, and their results are matched in order', () => {
  const said = say([
    { type: 'tool_use', call: 'x', tool: 'weather', input: 'Kyoto' },
    { type: 'tool_use', call: 'x', tool: 'weather', input: 'Osaka' },
    { type: 'tool_result', call: 'x', output: 'rain in Kyoto' },
    { type: 'tool_result', call: 'x', output: 'sun in Osaka' },
  ]);
  expect(said.filter(isOf('tool_use', 'tool_result'))).toMatchObject([
    { call: 'x', input: 'Kyoto' },
    { call: 'x~2', input: 'Osaka' },
    { call: 'x', output: 'rain in Kyoto' },
    { call: 'x~2', output: 'sun in Osaka' },
  ]);
});

test('a call that is yielded again with the same input is the same call', () => {
  const call = { type: 'tool_use', call: 'x', tool: 'clock', input: { zone: 'UTC' } } as const;
  expect(say([call, call]).filter(isOf('tool_use'))).toHaveLength(1);
});

test('calls without an id get one each', () => {
  const said = say([
    { type: 'tool_use', call: '', tool: 'clock', input: 1 },
    { type: 'tool_use', call: '', tool: 'clock', input: 1 },
  ]);
  expect(said.filter(isOf('tool_use'))).toMatchObject([{ call: 'call' }, { call: 'call~2' }]);
});

test('an id that is used again after its result is another call', () => {
  const said = say([
    { type: 'tool_use', call: 'x', tool: 'clock', input: 1 },
    { type: 'tool_result', call: 'x', output: 'a' },
    { type: 'tool_use', call: 'x', tool: 'clock', input: 1 },
    { type: 'tool_result', call: 'x', output: 'b' },
  ]);
  expect(said.filter(isOf('tool_result'))).toMatchObject([{ call: 'x' }, { call: 'x~2' }]);
});

test('a second attempt gives its calls other names than the first', () => {
  const used = { calls: ['x'], approvals: () => [] };
  const said = say([{ type: 'tool_use', call: 'x', tool: 'clock', input: 1 }], { attempt: 2, used });
  expect(said.filter(isOf('tool_use'))).toMatchObject([{ call: 'x~2' }]);
});

test('the calls of two inner agents with one id stay apart', () => {
  const said = say([
    { type: 'tool_use', agent: ['a'], call: 'c', tool: 'x', input: 1 },
    { type: 'tool_use', agent: ['b'], call: 'c', tool: 'y', input: 2 },
    { type: 'tool_result', agent: ['b'], call: 'c', output: 'of b' },
    { type: 'tool_result', agent: ['a'], call: 'c', output: 'of a' },
  ]);
  expect(said.filter(isOf('tool_result'))).toMatchObject([
    { agent: ['b'], call: 'c~2', output: 'of b' },
    { agent: ['a'], call: 'c', output: 'of a' },
  ]);
});

test('a result that does not say which inner agent it is for finds the only call of its id', () => {
  const call = (agent: string): AgentEvent => ({
    type: 'tool_use',
    agent: [agent],
    call: 'c',
    tool: 'x',
    input: agent,
  });
  const result: AgentEvent = { type: 'tool_result', call: 'c', output: 'done' };
  expect(say([call('a'), result]).at(-1)).toMatchObject({ agent: ['a'], output: 'done' });
  expect(() => say([call('a'), call('b'), result])).toThrow('"agent" must say which');
});

test('text and reasoning of one name are two parts, each opened and closed', () => {
  const said = say([
    { type: 'reasoning_start', part: '0' },
    { type: 'reasoning', part: '0', data: 'think ' },
    { type: 'content_start', part: '0' },
    { type: 'content', part: '0', data: 'say ' },
    { type: 'reasoning', part: '0', data: 'more' },
    { type: 'content', part: '0', data: 'it' },
    { type: 'reasoning_end', part: '0' },
    { type: 'content_end', part: '0' },
  ]);
  expect(said).toEqual([
    { type: 'reasoning_start', part: '0' },
    { type: 'reasoning', part: '0', data: 'think ' },
    { type: 'content_start', part: '0~2' },
    { type: 'content', part: '0~2', data: 'say ' },
    { type: 'reasoning', part: '0', data: 'more' },
    { type: 'content', part: '0~2', data: 'it' },
    { type: 'reasoning_end', part: '0' },
    { type: 'content_end', part: '0~2' },
  ]);
});

test('a part that is started again, or named again in a later step, is another part', () => {
  const said = say([
    { type: 'content_start', part: 'p' },
    { type: 'step_start' },
    { type: 'content_start', part: 'p' },
    { type: 'step_end' },
    { type: 'content', part: 'p', data: 'two' },
  ]);
  expect(said.filter(isOf('content_start'))).toMatchObject([{ part: 'p' }, { part: 'p~2' }, { part: 'p~3' }]);
});

test('the name of a part that the engine gives is never one that the agent gave', () => {
  const said = say([
    { type: 'content', part: 'p1', data: 'named' },
    { type: 'content_end', part: 'p1' },
    'unnamed',
  ]);
  expect(said.filter(isOf('content_start'))).toMatchObject([{ part: 'p1' }, { part: 'p1~2' }]);
});

test('the parts of two inner agents with one name stay apart', () => {
  const text = (agent: string, data: string): AgentEvent => ({
    type: 'content',
    agent: [agent],
    part: '0',
    data,
  });
  const said = say([text('a', 'A1'), text('b', 'B1'), text('a', 'A2'), text('b', 'B2')]);
  expect(said.filter(isOf('content'))).toMatchObject([
    { part: '0', agent: ['a'], data: 'A1' },
    { part: '0~2', agent: ['b'], data: 'B1' },
    { part: '0', agent: ['a'], data: 'A2' },
    { part: '0~2', agent: ['b'], data: 'B2' },
  ]);
});

test('discard by name withdraws what has that name, and replace refuses a name that two parts have', () => {
  const both: readonly AgentEvent[] = [
    { type: 'reasoning', part: '0', data: 'think' },
    { type: 'content', part: '0', data: 'say' },
  ];
  expect(say([...both, { type: 'discard', parts: ['0', 'unknown'] }])).toContainEqual({
    type: 'discard',
    parts: ['0~2', '0'],
  });
  expect(() => say([...both, { type: 'replace', part: '0', data: 'x' }])).toThrow('a text and a reasoning');
});

test('an approval whose name is taken gets another one, and keeps the name that the agent gave', () => {
  const used = { calls: [], approvals: () => ['confirm'] };
  const ask: AgentEvent = { type: 'approval_request', approval: 'confirm', reason: 'sure?' };
  expect(say([ask, ask], { used }).filter(isOf('approval_request'))).toMatchObject([
    { approval: 'confirm~2', name: 'confirm' },
    { approval: 'confirm~3', name: 'confirm' },
  ]);
});

test('approvals for calls of one id are each about a call of its own', () => {
  const said = say([
    { type: 'tool_use', call: 'x', tool: 'pay', input: 1 },
    { type: 'tool_use', call: 'x', tool: 'pay', input: 2 },
    { type: 'approval_request', approval: 'a', call: 'x', reason: 1 },
    { type: 'approval_request', approval: 'b', call: 'x', reason: 2 },
  ]);
  expect(said.filter(isOf('approval_request'))).toMatchObject([{ call: 'x' }, { call: 'x~2' }]);
});

test('a long delta is cut into events that each fit, and never inside a character', () => {
  const text = '😀'.repeat(100_000);
  const pieces = say([text]).flatMap((event) =>
    event.type === 'content' && 'data' in event ? [String(event.data)] : [],
  );
  expect(pieces.join('')).toBe(text);
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
});

test('for any events of an agent, everything is opened before it is used, and closed once', () => {
  const agent = fc.option(fc.constantFrom<readonly string[]>(['a'], ['a', 'b']), { nil: undefined });
  const spoken = fc
    .tuple(
      agent,
      fc.oneof(
        fc
          .tuple(fc.constantFrom('content', 'reasoning'), fc.constantFrom(undefined, 'p1', 'q'))
          .map(([type, part]) => ({ type, data: 'x', part })),
        fc
          .constantFrom(
            'content_start',
            'content_end',
            'reasoning_start',
            'reasoning_end',
            'step_start',
            'step_end',
            'discard',
          )
          .map((type) => ({ type })),
        fc.constant({ type: 'discard', all: true }),
        fc
          .tuple(
            fc.constantFrom('content_start', 'content_end', 'reasoning_start', 'reasoning_end'),
            fc.constantFrom('p1', 'q'),
          )
          .map(([type, part]) => ({ type, part })),
        fc.constantFrom('p1', 'q').map((part) => ({ type: 'discard', parts: [part] })),
        fc.constantFrom('c1', 'c2').map((call) => ({ type: 'tool_use_start', call, tool: 'clock' })),
        fc
          .tuple(fc.constantFrom('c1', 'c2', ''), fc.nat(2))
          .map(([call, input]) => ({ type: 'tool_use', call, tool: 'clock', input })),
      ),
    )
    .map(([path, event]) => ({ ...event, ...(path && { agent: path }) }) as AgentEvent);
  fc.assert(
    fc.property(fc.array(spoken, { maxLength: 60 }), (events) => {
      const open = new Set<string>();
      const used = new Set<string>();
      for (const event of say(events) as SpokenEvent[]) {
        expect(isSessionEvent({ ...event, turn: 't' })).toBe(true);
        if (event.type.endsWith('_start')) {
          const name = nameOf(event);
          expect(used.has(name)).toBe(false);
          open.add(name);
          used.add(name);
        } else if (event.type.endsWith('_end') || event.type === 'tool_result')
          expect(open.delete(nameOf(event))).toBe(true);
        else if ('part' in event || 'call' in event) expect(open.has(nameOf(event))).toBe(true);
      }
      expect([...open]).toEqual([]);
    }),
  );
});

function nameOf(event: SpokenEvent): string {
  if ('part' in event) return `part ${event.part}`;
  if ('step' in event) return `step ${event.step}`;
  return 'call' in event ? `call ${event.call}` : '';
}
