import type { DialectReply, DialectRequest, DialectRoute, Refusal } from '../../dialects/index.ts';
import { RefusalError, refusals } from '../../protocol/index.ts';
import { toProblem } from '../problem.ts';
import { UnreadableError } from '../read-json.ts';
import type { WholeReply } from '../reply.ts';

/** Turns a reply in the words of a dialect into a reply of the server that no cache stores. */
export function toReply({ status = 200, headers, body }: DialectReply): WholeReply {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  return {
    type: 'whole',
    status,
    headers: {
      ...(body !== undefined && { 'content-type': type }),
      'cache-control': 'private, no-store',
      ...headers,
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  };
}

/**
 * Refuses a request in the words of a route's clients. Status, code and the headers of the refusal stay,
 * unless the dialect sets them.
 */
export function toRefused(route: DialectRoute, error: unknown, request?: DialectRequest): WholeReply {
  const problem = toProblem(error);
  if (route.refuse === undefined) return problem;
  const reply = toReply({ status: problem.status, ...route.refuse(toRefusal(error), request) });
  return { ...problem, ...reply, headers: { ...problem.headers, ...reply.headers } };
}

/** An error that is no refusal has no message for callers. */
function toRefusal(error: unknown): Refusal {
  const { code, message } = error instanceof RefusalError ? error : new RefusalError('internal');
  const isUnreadable = error instanceof UnreadableError;
  return { code, status: refusals[code].status, message, ...(isUnreadable && { unreadable: true }) };
}
