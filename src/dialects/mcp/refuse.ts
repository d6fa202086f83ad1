import type { RefusalCode } from '../../protocol/index.ts';
import type { DialectReply, Refusal } from '../dialect-reply.ts';
import type { DialectRequest } from '../dialect-route.ts';
import type { McpServerInfo } from './about.ts';
import { withMcpServerInfo } from './about.ts';
import { readMcpCall } from './call.ts';
import type { McpCall } from './call.ts';
import { isMcpResponse } from './decode.ts';
import { isMcpTaskMethod, toNoMcpTask } from './read-task.ts';
import { mcpErrors, toMcpError, toMcpResult } from './rpc.ts';

/** Refusals that a model can do something about, or that its user can. */
const toolErrors: ReadonlySet<RefusalCode> = new Set([
  'malformed',
  'not_found',
  'busy',
  'too_late',
  'too_large',
  'key_reused',
  'queue_full',
]);

/** An answer to an approval that was answered or closed meanwhile, or a request to stop what is over. */
const lateness: ReadonlySet<RefusalCode> = new Set(['too_late', 'key_reused', 'not_found']);

/**
 * Returns a refusal in JSON-RPC. A refused call of the tool is a result with `isError`, which the client's
 * model reads. Errors of the connection keep the status that HTTP has for them.
 */
export function toMcpRefusal(
  refusal: Refusal,
  request: DialectRequest | undefined,
  info: McpServerInfo,
): DialectReply {
  const { code, status, message, unreadable } = refusal;
  const headers = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  const found = request && !isMcpResponse(request.body) ? readMcpCall(request) : undefined;
  const call = found === undefined || 'code' in found ? undefined : found;
  const isNotified = call !== undefined && call.id === undefined;
  const isSilent = isNotified || (request !== undefined && isMcpResponse(request.body));
  if (isSilent && lateness.has(code)) return { status: 202 };
  if (call?.id !== undefined) {
    if (call.method === 'tools/call' && toolErrors.has(code)) return toToolError(call, message, info);
    if (isMcpTaskMethod(call.method) && code === 'not_found') return toNoMcpTask(call);
  }
  const malformed = unreadable ? mcpErrors.parse : request ? mcpErrors.params : mcpErrors.request;
  const rpcCode = code === 'malformed' ? malformed : mcpErrors.internal;
  return { headers, body: toMcpError(call?.id, rpcCode, message, { code }) };
}

function toToolError({ id = 0, era }: McpCall, message: string, info: McpServerInfo): DialectReply {
  const result = { content: [{ type: 'text', text: message }], isError: true };
  const whole = era === 'legacy' ? result : withMcpServerInfo(info, { resultType: 'complete', ...result });
  return { status: 200, body: toMcpResult(id, whole) };
}
