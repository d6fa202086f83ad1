import type { DialectRequest } from '../dialect-route.ts';
import type { DialectReply } from '../dialect-reply.ts';
import type { Intent, Preface, StreamShow } from '../intent.ts';
import { readLastId } from '../read-last-id.ts';
import { askTool, toDiscovered, toInitialized, toToolList, withMcpServerInfo } from './about.ts';
import type { McpServerInfo } from './about.ts';
import { readAsk, toMcpRun } from './ask.ts';
import { readMcpCall } from './call.ts';
import type { McpCall, McpMisfit } from './call.ts';
import { toFormDecision } from './elicitation.ts';
import { isMcpTaskMethod, readMcpTask } from './read-task.ts';
import { isMcpId, mcpErrors, toRecord, toMcpError, toMcpResult } from './rpc.ts';
import { fromMcpFrameId, fromMcpVariant } from './stream-name.ts';

const accepted: DialectReply = { status: 202 };

/** Reads a message of a client: a request, a notification, or its response to a request of the server. */
export function readMcpPost(request: DialectRequest, info: McpServerInfo): Intent {
  const { body, header } = request;
  if (isMcpResponse(body)) return readResponse(body);
  const call = readMcpCall(request);
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
      toMisfit({ ...call, code: mcpErrors.params, message: `The only tool is "${askTool}".` }, 200),
    );
  }
  if (era === 'modern' && isMcpTaskMethod(method)) return readMcpTask(method, call, info);
  if (era === 'legacy' && method === 'ping') return toReply(toAnswered(call, info, {}));
  if (era === 'legacy' && method === 'initialize') {
    const { result, session } = toInitialized(info, call);
    return toReply({ ...toAnswered(call, info, result), headers: { 'mcp-session-id': session } });
  }
  const misfit = { ...call, code: mcpErrors.method, message: 'There is no such method.' };
  return toReply(toMisfit(misfit, era === 'modern' ? 404 : 200));
}

/** Reads a request to go on with a stream that was cut. There is no stream of anything else. */
export function readResumption(request: DialectRequest): Intent {
  const id = readLastId(request) ?? '';
  const place = fromMcpFrameId(id);
  if (place === undefined)
    return toReply({
      status: 405,
      headers: { allow: 'POST' },
      body: toMcpError(undefined, mcpErrors.request, 'Only a stream that was cut is read with GET.'),
    });
  const { session, turn, frames, variant } = place;
  const show: StreamShow = { as: 'stream', variant, skip: frames };
  // The official client forgets its place if a stream is cut before the first event.
  const preface = (): Preface => ({ frames: [{ id, data: '' }] });
  return {
    type: 'read',
    thread: { type: 'session', session },
    of: { turn },
    show: fromMcpVariant(variant)?.primed ? { ...show, preface } : show,
  };
}

/** Returns whether a body is a response, to a request that the server sent within a stream. */
export function isMcpResponse(body: DialectRequest['body']): boolean {
  const { id } = body;
  // The server's own ids have the names of approvals, which may be longer than an id of a client.
  const isId = typeof id === 'string' || isMcpId(id);
  return !('method' in body) && isId && ('result' in body || 'error' in body);
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
    keepsRun: true,
    show,
    pending: show,
  };
}

function readNotification({ method, params, session }: McpCall): Intent {
  const { requestId } = toRecord(params);
  const run = isMcpId(requestId) ? toMcpRun(session, requestId) : undefined;
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
  info: McpServerInfo,
  result: Readonly<Record<string, unknown>>,
): DialectReply {
  return { body: toMcpResult(id, era === 'modern' ? withMcpServerInfo(info, result) : result) };
}

function toMisfit({ id, code, message, data }: McpMisfit, status = 400): DialectReply {
  return { status, body: toMcpError(id, code, message, data) };
}
