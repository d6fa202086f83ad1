import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { emptyState, foldEntries } from '../../../protocol/index.ts';
import type { Entry } from '../../../protocol/index.ts';
import { exchangeOf, named, richLog, session } from '../../ag-ui/rich-log.fixture.ts';
import { responsesRevision } from './names.ts';
import { projectResponse } from './project.ts';
import type { OpenAiResponse } from './response.ts';
import { toResponse } from './to-response.ts';

/** The digest of the frames of each revision. One that was released never changes. */
const recorded: Readonly<Record<number, string>> = {
  1: '0f1c605e66daa8e144a03a51468cace9',
};

const turns = ['asks', 'goesOn', 'fails', 'stops', 'never', 'runs'].map(named);

interface Frame {
  readonly type: string;
  readonly sequence_number: number;
  readonly output_index?: number;
  readonly item?: { readonly id: string };
  readonly response?: OpenAiResponse;
}

/** Returns the frames of a turn, by entry. */
function framesOf(turn: string, log: readonly Entry[] = richLog): readonly (readonly Frame[])[] {
  const exchange = exchangeOf(turn);
  const projection = projectResponse(exchange, 'heddle');
  const from = log.findIndex(({ id }) => id === exchange.from) + 1;
  return log
    .slice(from)
    .map((entry) => projection.project(entry).map(({ data }) => JSON.parse(data) as Frame));
}

test('the frames of a revision never change, because clients count them', () => {
  const hash = createHash('sha256');
  // Each entry's frames are counted, because an entry may have several.
  for (const turn of turns) for (const frames of framesOf(turn)) hash.update(`${JSON.stringify(frames)}\n`);
  expect(
    hash.digest('hex').slice(0, 32),
    'The frames have changed: raise responsesRevision, and record the digest under it.',
  ).toBe(recorded[responsesRevision]);
});

test.each(turns)('the frames of %s are numbered by their places, and its items by theirs', (turn) => {
  const frames = framesOf(turn).flat();
  expect(frames.map((frame) => frame.sequence_number)).toEqual(frames.map((_, index) => index));
  expect(frames[0]?.type).toBe('response.created');
  const added = frames.filter(({ type }) => type === 'response.output_item.added');
  expect(added.map((frame) => frame.output_index)).toEqual(added.map((_, index) => index));
  const done = frames.filter(({ type }) => type === 'response.output_item.done');
  if (turn !== named('runs'))
    expect(done.map(({ item }) => item?.id).toSorted()).toEqual(added.map(({ item }) => item?.id).toSorted());
  expect(new Set(added.map(({ item }) => item?.id)).size).toBe(added.length);
});

test.each(turns.slice(0, -1))('the last response of %s is the one that is retrieved', (turn) => {
  const frames = framesOf(turn).flat();
  const state = foldEntries(emptyState(session), richLog);
  expect(frames.findLast(({ response }) => response)?.response).toEqual(
    toResponse(exchangeOf(turn), state, 'heddle'),
  );
});

test('the first frame belongs to the entry that names the turn', () => {
  const own = framesOf(named('goesOn')).findIndex((frames) => frames.length > 0);
  const from = richLog.findIndex(({ id }) => id === exchangeOf(named('goesOn')).from) + 1;
  expect(richLog[from + own]?.event.type).toBe('approval_answer');
});

test('a turn ends in one of three ways, and a failure is an error for all clients', () => {
  const ends = turns.map((turn) =>
    framesOf(turn)
      .flat()
      .slice(-2)
      .map(({ type }) => type),
  );
  expect(ends.map((types) => types.at(-1))).toEqual([
    'response.completed',
    'response.completed',
    'error',
    'response.incomplete',
    'response.incomplete',
    'response.output_text.delta',
  ]);
  expect(ends[2]).toEqual(['response.failed', 'error']);
});

test('an announcement has no number, so that a client reads on after the last event', () => {
  const frames = (['auth_expired', 'resync'] as const).flatMap((type) =>
    projectResponse(exchangeOf(named('asks')), 'heddle').announce(
      type === 'resync' ? { type, reason: 'trimmed' } : { type },
    ),
  );
  expect(frames.map(({ event, data }) => [event, JSON.parse(data ?? '')])).toEqual(
    ['auth_expired', 'forgotten'].map((code) => [
      'error',
      { type: 'error', code, message: expect.any(String), param: null },
    ]),
  );
});

test('a call that is asked about is made in the response that goes on', () => {
  const outputOf = (turn: string): OpenAiResponse['output'] =>
    framesOf(named(turn))
      .flat()
      .findLast(({ response }) => response)?.response?.output ?? [];
  const asks = outputOf('asks').filter(({ id }) => id.startsWith('mcp'));
  expect(asks.map((item) => ('name' in item ? [item.type, item.name] : []))).toEqual([
    ['mcp_call', 'clock'],
    ['mcp_call', 'search'],
    ['mcp_call', 'broken'],
    ['mcp_call', 'check'],
    ['mcp_approval_request', 'pay'],
    ['mcp_approval_request', 'send'],
    ['mcp_approval_request', 'approval'],
  ]);
  const [call] = outputOf('goesOn');
  expect(call).toMatchObject({ type: 'mcp_call', name: 'pay', output: 'paid' });
  expect(call && 'approval_request_id' in call && call.approval_request_id).toBe(`mcpr_${session}.a1`);
});
