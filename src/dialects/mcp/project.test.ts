import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { exchangeOf, named, richLog } from '../ag-ui/rich-log.fixture.ts';
import type { BareFrame } from '../bare-frame.ts';
import { openMcp } from './project.ts';
import { fromMcpFrameId, mcpRevision, toMcpVariant } from './stream-name.ts';
import type { McpStream } from './stream-name.ts';

/** The digests of the frames of the rich log, by the revision of the frames. */
const recorded: Readonly<Record<number, string>> = {
  1: 'd197805d5901e5480bf9372794b9e72d7a3a13b5caa6b1970f34e50afed7d3c5',
};

const info = { name: 'heddle', title: 'Ask', version: '1.0.0', description: 'Asks.' };
const turns = ['asks', 'goesOn', 'fails', 'stops', 'never', 'runs'].map(named);
const legacy = { id: 7, era: 'legacy', elicits: false, primed: true, progress: 'p' } as const;
const streams: readonly McpStream[] = [
  legacy,
  { ...legacy, elicits: true },
  { id: 'a b', era: 'legacy', elicits: false, primed: false, thread: 'room' },
  { id: 7, era: 'modern', elicits: false, primed: false, progress: 3 },
  { id: 7, era: 'modern', elicits: true, primed: false },
];

function framesOf(turn: string, stream: McpStream): readonly BareFrame[] {
  const scope = exchangeOf(turn, { variant: toMcpVariant(stream) });
  const projection = openMcp(info, { scope });
  const from = richLog.findIndex(({ id }) => id === scope.from) + 1;
  return richLog.slice(from).flatMap((entry) => projection.project(entry));
}

/** A message: the fields that these tests look at. */
interface Told {
  readonly id: unknown;
  readonly method?: string;
  readonly params: { readonly message: string };
  readonly result: {
    readonly structuredContent: { readonly status: string; readonly answer: string };
    readonly inputRequests: object;
  };
}

const messagesOf = (frames: readonly BareFrame[]): readonly Told[] =>
  frames.filter(({ data }) => data !== '').map(({ data }) => JSON.parse(data));

test('the frames of a revision never change, because clients come back with their number', () => {
  const frames = turns.flatMap((turn) => streams.map((stream) => framesOf(turn, stream)));
  const digest = createHash('sha256').update(JSON.stringify(frames)).digest('hex');
  expect(digest, 'The frames have changed: raise mcpRevision, and record the digest under it.').toBe(
    recorded[mcpRevision],
  );
});

test('the frames of a client that began with initialize are numbered, and name their stream', () => {
  const frames = framesOf(named('asks'), legacy);
  const places = frames.map(({ id }) => fromMcpFrameId(id ?? ''));
  expect(places.map((place) => place?.frames)).toEqual(frames.map((_, index) => index + 1));
  for (const place of places)
    expect(place).toMatchObject({ turn: named('asks'), variant: toMcpVariant(legacy) });
  expect(frames[0]?.data).toBe('');
  expect(framesOf(named('asks'), streams[3] ?? legacy).some(({ id }) => id !== undefined)).toBe(false);
});

test('a stream ends with its response, whatever becomes of the turn', () => {
  const ends = turns.slice(0, 5).map((turn) => messagesOf(framesOf(turn, streams[2] ?? legacy)).at(-1));
  expect(ends.map((end) => [end?.id, end?.result.structuredContent.status])).toEqual([
    ['a b', 'waiting'],
    ['a b', 'done'],
    ['a b', 'failed'],
    ['a b', 'cancelled'],
    ['a b', 'cancelled'],
  ]);
  expect(messagesOf(framesOf(named('runs'), streams[2] ?? legacy))).toEqual([]);
});

test('a turn that goes on has the texts of the turns before it', () => {
  const [end] = messagesOf(framesOf(named('goesOn'), streams[2] ?? legacy)).slice(-1);
  expect(end?.result.structuredContent.answer).toBe('I look around.\n\n\n[removed]\n\nPaid, and not sent.');
});

test('a client that can ask its user gets approvals in the stream, and then the answer that follows', () => {
  const seen = messagesOf(framesOf(named('asks'), { ...legacy, elicits: true }));
  const asked = seen.filter(({ method }) => method === 'elicitation/create');
  expect(asked.map(({ id }) => String(id).split('.')[1])).toEqual(['a1', 'a2', 'a3']);
  expect(asked.map(({ params }) => params.message)).toEqual([
    'The agent wants to call pay with {"sum":3}. It costs three.',
    'The agent wants to call send with {}. Send?',
    '{"plan":1}',
  ]);
  expect(seen.at(-1)?.result.structuredContent).toMatchObject({ status: 'done' });
});

test('a client of the modern revision that can ask its user gets approvals in place of a result', () => {
  const [end] = messagesOf(framesOf(named('asks'), streams[4] ?? legacy));
  expect(end?.result).toMatchObject({ resultType: 'input_required' });
  expect(Object.keys(end?.result.inputRequests ?? {})).toEqual(['a1', 'a2', 'a3']);
});

test('the longest names fit into the id of a frame', () => {
  const stream = { ...legacy, id: '漢'.repeat(128), progress: '語'.repeat(128), thread: '名'.repeat(200) };
  const id = framesOf(named('asks'), stream)[0]?.id ?? '';
  expect(fromMcpFrameId(id)?.variant).toBe(toMcpVariant(stream));
  // Servers take 16 KiB of headers.
  expect(id.length).toBeLessThan(6000);
});

test('text that no frame has is no place in a stream', () => {
  const id = framesOf(named('asks'), legacy)[0]?.id ?? '';
  expect(fromMcpFrameId(id)?.frames).toBe(1);
  for (const text of [
    '',
    '1-abcdef',
    id.slice(0, -8),
    `x${id}`,
    id.replace(/%22p%22/, '%'),
    `${id.slice(0, 60)}%zz`,
  ])
    expect([text, fromMcpFrameId(text)]).toEqual([text, undefined]);
  // The frames of another revision are other ones, so all are sent again.
  expect(fromMcpFrameId(id.replace(/^1\./, '99.'))?.frames).toBe(0);
});
