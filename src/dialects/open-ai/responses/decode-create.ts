import { headers as names } from '../../../protocol/index.ts';
import { isRecord } from '../../../protocol/internal.ts';
import type { DialectReply } from '../../dialect-reply.ts';
import type { DialectRequest } from '../../dialect-route.ts';
import type { AnswerIntent, Finding, SendIntent, Show, ThreadName } from '../../intent.ts';
import { readFlag, refuseInput, refuseToolDemand, toTextOrNone } from '../read-fields.ts';
import type { OpenAiFields } from '../read-fields.ts';
import { toFailedReply } from '../to-open-ai-error.ts';
import { parseApprovalItemId, parseResponseId } from './names.ts';
import type { ResponseName } from './names.ts';
import { readInput } from './read-input.ts';
import type { ResponseInput } from './read-input.ts';
import { toFoundResponse } from './to-found-response.ts';

/** The variant of the dialect whose streams are those of responses. */
export const responsesVariant = 'responses';

/**
 * Decodes `POST /v1/responses`: a message, or answers to the approvals that a response asked for.
 */
export function decodeCreate({ body, header }: DialectRequest, model: string): SendIntent | AnswerIntent {
  refuseToolDemand(body);
  const show = toShow(body, model);
  const previous = readPrevious(body);
  const thread = previous ? ({ type: 'session', session: previous.session } as const) : readThread(body);
  const input = readInput(body['input']);
  if (input.answers.length > 0) return toAnswer(input, thread, show);
  if (input.content === undefined)
    throw refuseInput(
      'The input has no message of a user after the last one of the assistant: nothing is new.',
    );
  const key = header(names.idempotencyKey);
  const once = body['store'] === false && ({ once: true } as const);
  const fresh: ThreadName = key === undefined ? { type: 'new', ...once } : { type: 'keyed', key, ...once };
  const instructions = [toTextOrNone(body['instructions']), ...input.instructions].filter((text) => text);
  return {
    type: 'send',
    thread: thread ?? fresh,
    message: {
      content: input.content,
      ...(previous && { follows: previous.turn }),
      ...(input.past.length > 0 && { past: input.past }),
      ...(instructions.length > 0 && { metadata: { instructions: instructions.join('\n\n') } }),
    },
    show,
  };
}

/** Returns the response from which a request goes on, if it names one. */
function readPrevious({ previous_response_id: id, conversation }: OpenAiFields): ResponseName | undefined {
  if (id === undefined || id === null) return undefined;
  if (conversation !== undefined && conversation !== null)
    throw refuseInput(
      '"previous_response_id" and "conversation" cannot both be given: each names a conversation.',
    );
  const found = typeof id === 'string' ? parseResponseId(id) : undefined;
  if (found === undefined)
    throw refuseInput(
      `"previous_response_id" is not the id of a response of this server: ${JSON.stringify(id)}`,
    );
  return found;
}

/** Returns the conversation that a request names, if it names one. */
function readThread({ conversation }: OpenAiFields): ThreadName | undefined {
  if (conversation === undefined || conversation === null) return undefined;
  const name = isRecord(conversation) ? conversation['id'] : conversation;
  if (typeof name !== 'string')
    throw refuseInput('"conversation" must be the name of a conversation, or an object with its "id".');
  return { type: 'named', name };
}

/** The id of an approval names its session, so that clients which send whole histories can answer, too. */
function toAnswer(
  { answers, content }: ResponseInput,
  thread: ThreadName | undefined,
  show: Show,
): AnswerIntent {
  if (content !== undefined)
    throw refuseInput(
      'The input answers approvals and has a message, too. Send the answers first, and the message after their response.',
    );
  const sessions = new Set<string>();
  const decisions = answers.map(({ approval_request_id: id, approve, reason }) => {
    const asked = typeof id === 'string' ? parseApprovalItemId(id) : undefined;
    if (asked === undefined || typeof approve !== 'boolean')
      throw refuseInput(
        'An item "mcp_approval_response" needs the "approval_request_id" of this server and "approve".',
      );
    sessions.add(asked.session);
    const why = typeof reason === 'string' && !approve ? reason : undefined;
    return {
      approval: asked.approval,
      decision: why === undefined ? approve : { approved: approve, reason: why },
    };
  });
  const [session = '', ...others] = sessions;
  if (others.length > 0) throw refuseInput('The input answers approvals of several conversations.');
  return { type: 'answer', thread: thread ?? { type: 'session', session }, decisions, show };
}

function toShow(body: OpenAiFields, model: string): Show {
  if (readFlag(body, 'stream')) return { as: 'stream', variant: responsesVariant };
  const isBackground = readFlag(body, 'background');
  return { as: isBackground ? 'now' : 'whole', reply: (found) => toReply(found, model, isBackground) };
}

/** A client that waits for the whole response takes any response for success. */
function toReply(found: Finding, model: string, isBackground = false): DialectReply {
  const response = toFoundResponse(found, model);
  if (response.status !== 'failed' || isBackground) return { body: response };
  const { state, exchange } = found;
  const answer = state.messages.findLast((each) => each.role === 'agent' && each.turn === exchange?.turn);
  return toFailedReply(answer?.role === 'agent' ? answer.error : undefined);
}
