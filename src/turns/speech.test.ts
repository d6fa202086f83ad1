import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent, SpokenEvent } from '../protocol/index.ts';
import { createSpeech } from './speech.ts';

/** Says events and closes; the turn is left out of what comes back. */
function say(events: readonly AgentEvent[], attempt = 1): unknown[] {
  const speech = createSpeech('t', attempt);
  const said = [...events.flatMap((event) => speech.say(event)), ...speech.close('cancelled')];
  return said.map(({ turn: _, ...event }) => event);
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

test('replace without a name replaces the last part', () => {
  expect(say(['secret', { type: 'replace', data: '[removed]' }])).toContainEqual({
    type: 'replace',
    part: 'p1',
    data: '[removed]',
  });
});

test('a second attempt repeats no name', () => {
  expect(say(['again'], 2)).toMatchObject([{ part: 'p2.1' }, { part: 'p2.1' }, { part: 'p2.1' }]);
});

test('usage adds up and the last reason stands', () => {
  const speech = createSpeech('t', 1);
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

test('an agent that breaks its contract is told what is wrong', () => {
  const speech = createSpeech('t', 1);
  expect(() => speech.say({ type: 'tool_result', call: 'never', output: 1 })).toThrow(
    'call that is not open: never',
  );
  const strange: unknown = { type: 'message_end' };
  expect(() => speech.say(strange as AgentEvent)).toThrow('unknown type: message_end');
});

test('what JSON cannot hold is told as text, and what is too long is cut and says so', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  const said = say([
    { type: 'custom', name: 'circle', data: circle },
    { type: 'custom', name: 'nothing', data: undefined },
    { type: 'custom', name: 'long', data: 'x'.repeat(1_000_000) },
  ]);
  expect(said).toMatchObject([
    { data: '[object Object]' },
    { data: null },
    { data: { truncated: true, length: 1_000_002 } },
  ]);
});

test('a long delta is cut into events that each fit, and never inside a character', () => {
  const text = '😀'.repeat(100_000);
  const pieces = say([text]).flatMap((event) =>
    (event as SpokenEvent).type === 'content' ? [(event as { data: string }).data] : [],
  );
  expect(pieces.join('')).toBe(text);
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
});

test('whatever an agent says, all is opened before it is used, closed once, and nothing is left open', () => {
  const agent = fc.option(fc.constantFrom<readonly string[]>(['a'], ['a', 'b']), { nil: undefined });
  const spoken = fc
    .tuple(
      agent,
      fc.oneof(
        fc.constantFrom('content', 'reasoning').map((type) => ({ type, data: 'x' })),
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
        fc.constantFrom('c1', 'c2').map((call) => ({ type: 'tool_use_start', call, tool: 'clock' })),
        fc.constantFrom('c1', 'c2').map((call) => ({ type: 'tool_use', call, tool: 'clock', input: {} })),
      ),
    )
    .map(([path, event]) => ({ ...event, ...(path && { agent: path }) }) as AgentEvent);
  fc.assert(
    fc.property(fc.array(spoken, { maxLength: 60 }), (events) => {
      const open = new Set<string>();
      for (const event of say(events) as SpokenEvent[]) {
        if (event.type.endsWith('_start')) {
          const name = nameOf(event);
          expect(open.has(name)).toBe(false);
          open.add(name);
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
