import { RefusalError } from '../../protocol/index.ts';
import { json } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { Route } from '../routes.ts';
import type { ServerRequest } from '../server-request.ts';
import { streamHeaders } from '../streams.ts';
import { toReplyHeaders } from './known-values.ts';
import { readProbeId, readProbeQuery } from './probe-query.ts';
import { openProbeStream } from './probe-stream.ts';
import { createSightings } from './sightings.ts';
import { tellProbe } from './told.ts';
import type { ToldOptions } from './told.ts';

export interface ProbeRoutesOptions extends ToldOptions {
  /** Returns whether the routes exist for the caller of a request. */
  readonly isFor: (request: ServerRequest) => Promise<boolean>;
  readonly closing: AbortSignal;
  readonly keepaliveMs: number;
  readonly maxAgeMs: number;
}

/** The largest body that a probe may send, in bytes. */
const maxProbeBody = 2 * 1024 * 1024;

/**
 * Returns the routes of `heddle doctor`. They show a caller what the network between it and this server does
 * to its own requests and streams, and touch no store. To callers that may not use them they do not exist.
 */
export function probeRoutes(options: ProbeRoutesOptions): readonly Route[] {
  const { isFor, closing, keepaliveMs, maxAgeMs } = options;
  const sightings = createSightings();

  const answer = async (request: ServerRequest): Promise<Reply> => {
    // An open route answers HEAD as well, and a stream without a body would never end.
    if (request.method === 'HEAD') throw new RefusalError('method_not_allowed');
    const query = readProbeQuery(request.query);
    const mode = request.query.get('mode') ?? 'stream';
    if (mode !== 'stream' && mode !== 'echo')
      throw new RefusalError('malformed', '"mode" must be "stream" or "echo".');
    const { asked } = sightings.ask(query.id, request.method);
    const bytes =
      request.method === 'POST' ? (await sightings.read(() => request.body(maxProbeBody))).length : 0;
    const told = {
      probe: 1,
      id: query.id,
      ...tellProbe(options, request, query.id),
      asked: { ...asked },
      bytes,
      keepalive_ms: keepaliveMs,
      max_age_ms: maxAgeMs,
    };
    if (mode === 'echo') return json(200, told, toReplyHeaders(query.id));
    if (closing.aborted) throw new RefusalError('draining');
    const onOver = sightings.open(query.id);
    return {
      type: 'stream',
      status: 200,
      headers: streamHeaders,
      // As a stream of a session: it takes the same way through the server.
      isLasting: true,
      open: (sink) => openProbeStream({ query, told, closing, onOver }, sink),
    };
  };

  const open = { acts: false, open: true, isFor } as const;
  return [
    { ...open, method: 'GET', path: '/health/stream', handle: answer },
    { ...open, method: 'POST', path: '/health/stream', handle: answer },
    {
      ...open,
      method: 'GET',
      path: '/health/left',
      handle: (request) => {
        const id = readProbeId(request.query);
        if (id === undefined) throw new RefusalError('malformed', '"id" must name a probe.');
        const found = sightings.find(id);
        if (found === undefined) throw new RefusalError('not_found');
        const { asked, open: streams, leftAt } = found;
        const left = leftAt === undefined ? null : Math.round(performance.now() - leftAt);
        return json(200, { left_ms_ago: left, open: streams, asked });
      },
    },
  ];
}
