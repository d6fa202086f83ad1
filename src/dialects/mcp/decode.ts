import type { DialectRequest } from '../dialect-route.ts';
import type { DialectReply } from '../dialect-reply.ts';
import type { Intent, Preface, StreamShow } from '../intent.ts';
import { askTool, toDiscovered, toInitialized, toToolList, withServerInfo } from './about.ts';
import type { ServerInfo } from './about.ts';
import { readAsk, toRun } from './ask.ts';
import { readCall } from './call.ts';
import type { McpCall, McpMisfit } from './call.ts';
import { toFormDecision } from './elicitation.ts';
import { isTaskMethod, readTask } from './read-task.ts';
import { isRpcId, rpcErrors, toFields, toRpcError, toRpcResult } from './rpc.ts';
import { fromFrameId, fromVariant } from './stream-name.ts';

const accepted: DialectReply = { status: 202 };

/** Reads a message of a client: a request, a notification, or its response to a request of the server. */
export function readPost(request: DialectRequest, info: ServerInfo): Intent {
  const { body, header } = request;
  if (isResponse(body)) return readResponse(body);
  const call = readCall(request);
  if ('code' in call) return toReply(toMisfit(call));
  if (call.id === undefined) return readNotification(call);
  const { method, params, era } = call;
  if (era === 'modern' && method === 'server/discover')
    return toReply(toAnswered(call, info, toDiscovered(info)));
  if (method === 'tools/list') return toReply(toAnswered(call, info, toToolList(info, era)));
  if (method === 'tools/call') {
    if (params['name'] === askTool)
      return readAsk(call, { info, streams: header('accept')?.includes('text/event-stream') === true });
    return toReply(
      toMisfit({ ...call, code: rpcErrors.params, message: `The only tool is "${askTool}".` }, 200),
    );
  }
  if (era === 'modern' && isTaskMethod(method)) return readTask(method, call, info);
  if (era === 'legacy' && method === 'ping') return toReply(toAnswered(call, info, {}));
  if (era === 'legacy' && method === 'initialize') {
    const { result, session } = toInitialized(info, call);
    return toReply({ ...toAnswered(call, info, result), headers: { 'mcp-session-id': session } });
  }
  const misfit = { ...call, code: rpcErrors.method, message: 'There is no such method.' };
  return toReply(toMisfit(misfit, era === 'modern' ? 404 : 200));
}

/** Reads a request to go on with a stream that was cut. There is no stream of anything else. */
export function readGet({ header }: DialectRequest): Intent {
  const id = header('last-event-id') ?? '';
  const place = fromFrameId(id);
  if (place === undefined)
    return toReply({
      status: 405,
      headers: { allow: 'POST' },
      body: toRpcError(undefined, rpcErrors.request, 'Only a stream that was cut is read with GET.'),
    });
  const { session, turn, frames, variant } = place;
  const show: StreamShow = { as: 'stream', variant, skip: frames };
  // The official client forgets its place if a stream is cut before the first event.
  const preface = (): Preface => ({ frames: [{ id, data: '' }] });
  return {
    type: 'read',
    thread: { type: 'session', session },
    of: { turn },
    show: fromVariant(variant)?.primed ? { ...show, preface } : show,
  };
}

/** Returns whether a body is a response, to a request that the server sent within a stream. */
export function isResponse(body: DialectRequest['body']): boolean {
  return !('method' in body) && isRpcId(body['id']) && ('result' in body || 'error' in body);
}

function readResponse({ id, result }: DialectRequest['body']): Intent {
  const [, session, approval] = /^([\w-]{1,64})\.(.+)$/s.exec(String(id)) ?? [];
  if (session === undefined || approval === undefined) return toReply(accepted);
  // A client that cannot ask its user has no approval.
  const decision = toFormDecision(result) ?? false;
  const show = { as: 'now', reply: accepted } as const;
  return {
    type: 'answer',
    thread: { type: 'session', session },
    decisions: [{ approval, decision }],
    show,
    pending: show,
  };
}

function readNotification({ method, params, session }: McpCall): Intent {
  const { requestId } = toFields(params);
  const run = isRpcId(requestId) ? toRun(session, requestId) : undefined;
  if (method !== 'notifications/cancelled' || run === undefined) return toReply(accepted);
  return {
    type: 'cancel',
    thread: { type: 'at-work', run },
    of: { run },
    show: { as: 'now', reply: accepted },
    none: accepted,
  };
}

function toReply(reply: DialectReply): Intent {
  return { type: 'reply', reply };
}

function toAnswered(
  { id = 0, era }: McpCall,
  info: ServerInfo,
  result: Readonly<Record<string, unknown>>,
): DialectReply {
  return { body: toRpcResult(id, era === 'modern' ? withServerInfo(info, result) : result) };
}

function toMisfit({ id, code, message, data }: McpMisfit, status = 400): DialectReply {
  return { status, body: toRpcError(id, code, message, data) };
}
