import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SessionEvent } from '../../protocol/index.ts';
import { agUiRevision } from './project.ts';
import { exchangeOf, framesOf, named, richLog } from './rich-log.fixture.ts';

/** The digests of the frames of the rich log, by the revision of the frames. */
const recorded: Readonly<Record<number, string>> = {
  1: '24a30acede7c64ca9508bbc3f233e5a3bcb5e5430850b5716df40aad054e514f',
};

const turns = ['asks', 'goesOn', 'fails', 'stops', 'never', 'runs'].map(named);

test('the frames of a revision never change, because clients resume by their place in an entry', () => {
  const frames = turns.flatMap((turn) =>
    [{}, { variant: '0' }, { variant: '0', whole: true as const }].map((options) =>
      framesOf(exchangeOf(turn, options)),
    ),
  );
  const digest = createHash('sha256').update(JSON.stringify(frames)).digest('hex');
  expect(digest, 'The frames have changed: raise agUiRevision, and record the digest under it.').toBe(
    recorded[agUiRevision],
  );
});

test('the rich log has every kind of event', () => {
  const kinds: Readonly<Record<SessionEvent['type'], true>> = {
    session_start: true,
    message: true,
    message_start: true,
    message_end: true,
    approval_answer: true,
    cancel_request: true,
    withdraw: true,
    step_start: true,
    step_end: true,
    content_start: true,
    content: true,
    content_end: true,
    reasoning_start: true,
    reasoning: true,
    reasoning_end: true,
    tool_use_start: true,
    tool_use_input: true,
    tool_use: true,
    tool_progress: true,
    tool_result: true,
    discard: true,
    replace: true,
    approval_request: true,
    custom: true,
  };
  expect(new Set(richLog.map(({ event }) => event.type))).toEqual(new Set(Object.keys(kinds)));
});
