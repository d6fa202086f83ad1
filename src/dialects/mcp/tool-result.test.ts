import { expect, test } from 'vitest';
import { emptyState, foldEntries, toEntryId } from '../../protocol/index.ts';
import type { SessionEvent, SessionState } from '../../protocol/index.ts';
import { fromAnswerName, toAnswerName, toMcpToolResult } from './tool-result.ts';

const place = { session: 'a'.repeat(22), message: 'm'.repeat(16) };
const turn = 't'.repeat(16);

/** Returns the state of a session in which the agent has said some texts, each as a part. */
function stateOf(...texts: readonly string[]): SessionState {
  const events: readonly SessionEvent[] = [
    { type: 'message', message: place.message, turn, content: 'hi', at: 1 },
    { type: 'message_start', message: place.message, turn, attempt: 1, at: 2 },
    ...texts.flatMap((data, index): readonly SessionEvent[] => {
      const part = `p${index}`;
      return [
        { type: 'content_start', turn, part },
        { type: 'content', turn, part, data },
        { type: 'content_end', turn, part },
      ];
    }),
    { type: 'message_end', turn, outcome: 'completed' },
  ];
  const entries = events.map((event, index) => ({ id: toEntryId(index + 1, 'abcdef'), event }));
  return foldEntries(emptyState(place.session), entries);
}

const textsOf = (...texts: readonly string[]): readonly string[] => {
  const { content } = Object(toMcpToolResult(stateOf(...texts), place, 'room')) as {
    content: readonly { text: string }[];
  };
  return content.map(({ text }) => text);
};

test('an answer without a text says so', () => {
  expect(textsOf()).toEqual(['The agent has answered without a text.']);
});

test('a question without an end is a sentence of its own', () => {
  const events: readonly SessionEvent[] = [
    { type: 'message', message: place.message, turn, content: 'hi', at: 1 },
    { type: 'message_start', message: place.message, turn, attempt: 1, at: 2 },
    { type: 'approval_request', turn, approval: 'a1', reason: 'pay_back' },
    { type: 'message_end', turn, outcome: 'waiting', approvals: ['a1'] },
  ];
  const entries = events.map((event, index) => ({ id: toEntryId(index + 1, 'abcdef'), event }));
  const { content } = Object(toMcpToolResult(foldEntries(emptyState(place.session), entries), place, 'room'));
  expect(content[0].text).toContain(' pay_back. A person answers');
});

test.each([
  ['letters', 'x'],
  ['characters of three bytes', '漢'],
  ['control characters, which JSON escapes', '\u0001'],
  ['pairs of surrogates', '😀'],
])('a result of many %s fits the limit of readers', (_, character) => {
  const long = character.repeat(200_000);
  const texts = textsOf('First.', long, long, long, long);
  expect(texts[0]).toBe('First.');
  expect(texts.at(-1)).toMatch(/^The answer has [\d,]+ characters\. Only the first ones are here/);
  expect(texts.every((text) => text.isWellFormed())).toBe(true);
  const result = toMcpToolResult(stateOf('First.', long, long, long, long), place, 'room');
  expect(new TextEncoder().encode(JSON.stringify(result)).length).toBeLessThan(1024 * 1024);
});

test('a long answer that fits is whole', () => {
  const long = 'x'.repeat(300_000);
  expect(textsOf(long)).toEqual([long]);
});

test('the name of a task names an answer, and nothing else does', () => {
  expect(fromAnswerName(toAnswerName(place))).toEqual(place);
  for (const name of [undefined, 7, '', 'a.b', `${toAnswerName(place)}x`, `.${place.message}`])
    expect(fromAnswerName(name)).toBeUndefined();
});
