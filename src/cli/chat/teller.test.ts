import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { emptyState, fold } from '../../protocol/index.ts';
import type { SessionEvent } from '../../protocol/index.ts';
import { createScreen } from './screen.ts';
import { createTeller } from './teller.ts';
import type { Teller } from './teller.ts';

const turn = 't1';
const events: readonly SessionEvent[] = [
  { type: 'message', at: 0, message: 'm1', turn, content: 'What is 6 times 7?' },
  { type: 'message_start', at: 0, turn, message: 'm1', attempt: 1 },
  { type: 'reasoning_start', turn, part: 'r1' },
  { type: 'reasoning', turn, part: 'r1', data: 'Hm' },
  { type: 'reasoning_end', turn, part: 'r1' },
  { type: 'tool_use_start', turn, call: 'c1', tool: 'calculator' },
  { type: 'tool_use', turn, call: 'c1', tool: 'calculator', input: { expression: '6*7' } },
  { type: 'tool_result', turn, call: 'c1', output: 42, status: 'ok' },
  { type: 'content_start', turn, part: 'p1' },
  { type: 'content', turn, part: 'p1', data: 'It is ' },
  { type: 'content', turn, part: 'p1', data: '42.' },
  { type: 'content_end', turn, part: 'p1' },
  { type: 'message_end', turn, outcome: 'completed' },
];

/** Returns what a pipe receives (answers and asides) and what a terminal shows. */
function tell(tells: (teller: Teller) => void): {
  readonly answers: string;
  readonly asides: string;
  readonly all: string;
} {
  const [first, second, both] = [0, 1, 2].map(() => new PassThrough({ encoding: 'utf8' }));
  if (!first || !second || !both) throw new Error('There are three.');
  const one = createScreen(both, {});
  tells(createTeller(createScreen(first, {}), createScreen(second, {})));
  tells(createTeller(one, one));
  return {
    answers: String(first.read() ?? ''),
    asides: String(second.read() ?? ''),
    all: String(both.read() ?? ''),
  };
}

const tellAll = (all: readonly SessionEvent[]): ReturnType<typeof tell> =>
  tell((teller) => {
    for (const event of all) teller.event(event);
  });

describe('printing events', () => {
  test('streams the answer, with tools and reasoning on their own lines', () => {
    expect(tellAll(events).all).toBe(
      ['Hm', '→ calculator {"expression":"6*7"}', '✓ calculator: 42', 'It is 42.', ''].join('\n'),
    );
  });

  test('writes everything but the answer to the other screen', () => {
    const { answers, asides } = tellAll(events);
    expect(answers).toBe('It is 42.\n');
    expect(asides).toBe('Hm\n→ calculator {"expression":"6*7"}\n✓ calculator: 42\n');
  });

  test('starts a new line when the kind of text changes', () => {
    const { all } = tellAll([
      { type: 'reasoning', turn, part: 'r1', data: 'Hm' },
      { type: 'content', turn, part: 'p1', data: 'A' },
      { type: 'content', turn, part: 'p1', data: 'B' },
      { type: 'tool_use', turn, call: 'c1', tool: 'look', input: {} },
      { type: 'tool_result', turn, call: 'c1', output: 'No.', status: 'error' },
      { type: 'content', turn, part: 'p2', data: 'C' },
      { type: 'message_end', turn, outcome: 'cancelled' },
    ]);
    expect(all).toBe('Hm\nAB\n→ look {}\n✗ look: error No.\nC\ncancelled\n');
  });

  test('prints that an answer starts again when some of it was printed', () => {
    const discard: SessionEvent = { type: 'discard', turn, parts: ['p1'] };
    const { all } = tellAll([
      ...events.slice(0, 10),
      discard,
      { type: 'content', turn, part: 'p2', data: 'Now.' },
    ]);
    expect(all.endsWith('It is \nthe answer starts again\nNow.')).toBe(true);
    expect(tellAll([discard]).all).toBe('');
  });

  test('prints the public message of a failed turn', () => {
    const { all } = tellAll([
      { type: 'message_end', turn, outcome: 'failed', error: { code: 'x', message: 'It\nbroke.\u001b[2J' } },
    ]);
    expect(all).toBe('failed: It broke.\n');
  });

  test('prints that text was replaced or lost', () => {
    const { all } = tell((teller) => {
      teller.event({ type: 'replace', turn, part: 'p1', data: 'Better.' });
      teller.event({ type: 'resync', reason: 'trimmed' });
      teller.event({ type: 'unknown', name: 'x', data: 1 });
    });
    expect(all.split('\n')).toEqual([
      'the text above was replaced by:',
      'Better.',
      'part of this conversation is no longer on the server',
      '',
    ]);
  });

  test('prints in full what needs approval, and not that its call was ended', () => {
    const text = 'x'.repeat(200);
    const { all } = tell((teller) => {
      teller.event({ type: 'tool_use', turn, call: 'c1', tool: 'send', input: { text } });
      teller.event({ type: 'approval_request', turn, approval: 'a1', call: 'c1', reason: 'Sure?' });
      teller.event({ type: 'tool_result', turn, call: 'c1', output: null, status: 'cancelled' });
      teller.event({ type: 'message_end', turn, outcome: 'waiting' });
      teller.approval({ turn, approval: 'a1', call: 'c1', reason: 'Sure?\u001b[2J' });
    });
    expect(all).toContain(`asks for approval: Sure?\n→ send: \n  text: ${text}\n`);
    expect(all).not.toContain('cancelled');
  });

  test.each([
    ['answered', true, 'approved'],
    ['answered', false, 'denied'],
    ['answered', { later: 1 }, 'answered: {"later":1}'],
    ['expired', undefined, 'the approval was not given in time'],
    ['cancelled', undefined, 'the approval was cancelled'],
  ] as const)('prints that an approval was %s %j, live and in the history', (status, decision, words) => {
    const asks: readonly SessionEvent[] = [
      ...events.slice(0, 2),
      { type: 'approval_request', turn, approval: 'a1', reason: 'Sure?' },
      { type: 'message_end', turn, outcome: 'waiting' },
    ];
    const answered: SessionEvent = {
      type: 'approval_answer',
      turn: 't2',
      approval: 'a1',
      status,
      decision,
    };
    const state = [...asks, answered].reduce(
      (so, event) => fold(so, { id: '1-aaaaaa', event }),
      emptyState('s1'),
    );
    expect(tellAll([answered]).all).toBe(`${words}\n`);
    const { all } = tell((teller) => teller.history(state));
    expect(all).toContain(`asked for approval: Sure?\n${words}\n`);
  });

  test('prints that a history begins in the middle', () => {
    const sent = events
      .slice(0, 1)
      .reduce((so, event) => fold(so, { id: '1-aaaaaa', event }), emptyState('s1'));
    const { all } = tell((teller) => teller.history({ ...sent, earlier: true }));
    expect(all).toBe('earlier messages are not shown\n› What is 6 times 7?\n');
  });

  test('prints messages of other users without their control sequences', () => {
    const { all } = tell((teller) => {
      teller.message('Hi\u001b[2J', 'Ada\u001b]0;x\u0007');
      teller.message([{ type: 'image', media_type: 'image/png', data: '' }]);
    });
    expect(all).toBe('Ada › Hi\n› (a message without text)\n');
  });

  test.each(Array.from(events.keys()))(
    'prints the same from the history up to event %i and the events after it',
    (at) => {
      const state = events
        .slice(0, at)
        .reduce((so, event, index) => fold(so, { id: `${index + 1}-aaaaaa`, event }), emptyState('s1'));
      const { answers } = tell((teller) => {
        teller.history(state);
        for (const event of events.slice(at)) teller.event(event);
      });
      expect(answers).toBe('It is 42.\n');
    },
  );
});
