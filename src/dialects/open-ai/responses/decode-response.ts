import { RefusalError } from '../../../protocol/index.ts';
import type { DialectRequest } from '../../dialect-route.ts';
import type { CancelIntent, Finding, ReadIntent, Show } from '../../intent.ts';
import { refuseInput } from '../read-fields.ts';
import { responsesVariant } from './decode-create.ts';
import { parseResponseId, responsesRevision } from './names.ts';
import type { ResponseName } from './names.ts';
import { toLastType } from './project.ts';
import { toFoundResponse } from './to-found-response.ts';

/** Decodes `GET /v1/responses/:response`: the response as it is, or its stream after a number. */
export function decodeRetrieve({ params, query }: DialectRequest, model: string): ReadIntent {
  const { session, turn, revision } = readName(params);
  const show: Show =
    query.get('stream') === 'true'
      ? toStream(revision, readNumber(query.get('starting_after')), model)
      : { as: 'now', reply: (found) => ({ body: toFoundResponse(found, model) }) };
  return { type: 'read', thread: { type: 'session', session }, of: { turn }, show };
}

/** Decodes `POST /v1/responses/:response/cancel`. A response that has ended is told as it is. */
export function decodeCancel({ params }: DialectRequest, model: string): CancelIntent {
  const { session, turn } = readName(params);
  return {
    type: 'cancel',
    thread: { type: 'session', session },
    of: { turn },
    show: { as: 'whole', reply: (found) => ({ body: toFoundResponse(found, model) }) },
  };
}

function readName(params: DialectRequest['params']): ResponseName {
  const name = parseResponseId(params['response'] ?? '');
  if (name === undefined) throw new RefusalError('not_found', 'There is no response of that id.');
  return name;
}

/** The number of the last frame that the client has; undefined if it has none. */
function readNumber(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (!/^\d{1,7}$/.test(text)) throw refuseInput('"starting_after" must be the number of an event.');
  return Number(text);
}

function toStream(revision: number, after: number | undefined, model: string): Show {
  if (after === undefined || revision === responsesRevision)
    return { as: 'stream', variant: responsesVariant, ...(after !== undefined && { skip: after + 1 }) };
  // The frames have changed since, so the number does not tell what the client has. It gets the last frame
  // when the response has ended, which has everything.
  return {
    as: 'whole',
    reply: (found) => ({ headers: eventStream, body: toLastFrame(found, after, model) }),
  };
}

const eventStream = { 'content-type': 'text/event-stream; charset=utf-8' };

function toLastFrame(found: Finding, after: number, model: string): string {
  const response = toFoundResponse(found, model);
  const type = toLastType(response);
  return `event: ${type}\ndata: ${JSON.stringify({ type, response, sequence_number: after + 1 })}\n\n`;
}
