import type { DialectReply } from '../dialect-reply.ts';
import type { DialectRequest } from '../dialect-route.ts';
import type { Intent, StreamShow } from '../intent.ts';
import type { AiSdkVersion } from './chunk.ts';
import { readLastId } from '../read-last-id.ts';
import { refuse } from './decode-message.ts';
import { noMore } from './project.ts';
import { parseRunName, revision } from './run-name.ts';

/** A stream that is over. A client that continues by counts asks until it sees `finish`. */
const over: DialectReply = {
  headers: { 'content-type': 'text/event-stream; charset=utf-8' },
  body: noMore.map(({ data }) => `data: ${data}\n\n`).join(''),
};

/**
 * Decodes the GET that resumes a stream. A name of the chat means what is open, from its start. The name of a
 * stream (`x-workflow-run-id`) means that stream, after what the client has.
 */
export function decodeResume(request: DialectRequest, version: AiSdkVersion): Intent {
  const { params, query } = request;
  const chat = params['thread'] ?? '';
  const run = parseRunName(params['run'] ?? chat);
  const skip = toCount(query.get('startIndex'));
  const after = readLastId(request);
  const place = { ...(after === undefined ? skip !== undefined && { skip } : { after }) };
  if (run) {
    // The frames have changed since, so neither a count nor an id tells what the client has.
    if (run.revision !== revision) return { type: 'reply', reply: over };
    const show: StreamShow = {
      as: 'stream',
      ...place,
      // A count begins at the start of this turn. An id says which frames came before it.
      ...(skip === undefined && { whole: true }),
      variant: String(run.version),
    };
    const name = params['run'] === undefined ? run.chat : chat;
    return { type: 'read', thread: { type: 'named', name }, of: { turn: run.turn }, show, none: over };
  }
  const hasNone = after === undefined && !skip;
  const isExact = after !== undefined || skip !== undefined || query.get('cursor') === 'id';
  return {
    type: 'read',
    thread: { type: 'named', name: chat },
    // Where the client has a part, the rest is wanted, too, if the answer has ended meanwhile.
    of: hasNone ? 'recent' : 'last',
    show: {
      as: 'stream',
      ...place,
      whole: true,
      ...(!isExact && { fresh: true }),
      variant: String(version),
    },
    none: skip === undefined ? { status: 204 } : over,
  };
}

/** Reads a count of frames. A count from the end cannot be served: everything is sent instead. */
function toCount(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (!/^-?\d{1,9}$/.test(value)) throw refuse('startIndex is a number of chunks.');
  return Math.max(Number(value), 0);
}
