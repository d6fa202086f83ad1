import { RefusalError } from '../../protocol/index.ts';
import type { AnswerIntent, Finding, SendIntent, Show, StreamShow, ThreadName } from '../intent.ts';
import type { DialectReply } from '../dialect-reply.ts';
import { withMcpServerInfo } from './about.ts';
import type { McpServerInfo } from './about.ts';
import type { McpCall } from './call.ts';
import { toFormDecision } from './elicitation.ts';
import { mcpErrors, toRecord, toMcpError, toMcpResult } from './rpc.ts';
import type { McpId } from './rpc.ts';
import { toMcpStream, toMcpVariant } from './stream-name.ts';
import { toMcpTask } from './task.ts';
import { fromAnswerName, toMcpAskResult } from './tool-result.ts';
import type { McpAnswerPlace } from './tool-result.ts';

/** The longest name that a turn may have, in characters. */
const maxRun = 200;

export interface McpAskOptions {
  readonly info: McpServerInfo;
  /** Whether the client reads streams. */
  readonly streams: boolean;
}

/**
 * Reads a call of the tool: it sends a message, or brings the user's answers to the approvals of an earlier
 * call.
 */
export function readAsk(call: McpCall, options: McpAskOptions): SendIntent | AnswerIntent {
  const { params, era } = call;
  const asked = era === 'modern' ? fromAnswerName(params['requestState']) : undefined;
  if (asked !== undefined) return readRetry(call, asked, options);
  const { message, thread } = toRecord(params['arguments']);
  if (typeof message !== 'string')
    throw new RefusalError('malformed', 'The "message" must be a text: what the agent is asked.');
  const run = toMcpRun(call.session, call.id);
  return {
    type: 'send',
    thread: toThread(thread),
    message: { content: message, ...(run !== undefined && { run }) },
    show: toShow(call, options),
  };
}

function toThread(name: unknown): ThreadName {
  // Models fill in what they do not have.
  if (name === undefined || name === null || name === '') return { type: 'new' };
  if (typeof name === 'string') return { type: 'named', name };
  throw new RefusalError('malformed', 'The "thread" must be a text: the name of a conversation.');
}

function readRetry(
  call: McpCall,
  { session, message }: McpAnswerPlace,
  options: McpAskOptions,
): AnswerIntent {
  return {
    type: 'answer',
    thread: { type: 'session', session },
    of: { message },
    ignoreLate: true,
    decisions: readFormDecisions(call.params['inputResponses']),
    show: toShow(call, options),
    pending: { as: 'now', reply: (found) => toWhole(call, options.info, found) },
  };
}

/** Reads the answers to forms, by the names of their approvals. Answers that are none are left out. */
export function readFormDecisions(responses: unknown): AnswerIntent['decisions'] {
  return Object.entries(toRecord(responses)).flatMap(([approval, response]) => {
    const decision = toFormDecision(response);
    return decision === undefined ? [] : [{ approval, decision }];
  });
}

/**
 * Returns the name of the turn of a request, by which its client cancels it; undefined if the client cannot.
 */
export function toMcpRun(session: string | undefined, id: McpId | undefined): string | undefined {
  const run = session === undefined || id === undefined ? '' : `mcp ${session} ${JSON.stringify(id)}`;
  return run === '' || run.length > maxRun ? undefined : run;
}

function toShow(call: McpCall, { info, streams }: McpAskOptions): Show {
  if (call.tasks) return { as: 'now', reply: (found) => toCreatedTask(call, info, found) };
  if (!streams) return { as: 'whole', reply: (found) => toWhole(call, info, found) };
  const show: StreamShow = { as: 'stream', variant: toMcpVariant(toMcpStream(call)) };
  // The modern revision has no other way to cancel. Earlier ones cancel by a notification.
  return call.era === 'modern' ? { ...show, ownsTurn: true } : show;
}

function toCreatedTask(call: McpCall, info: McpServerInfo, found: Finding): DialectReply {
  const { id = 0 } = call;
  const task = toMcpTask(found, call);
  if (task === undefined) return { body: toMcpError(id, mcpErrors.internal, 'The message is gone.') };
  const { inputRequests, result, ...seed } = task;
  return { body: toMcpResult(id, withMcpServerInfo(info, { resultType: 'task', ...seed })) };
}

function toWhole(call: McpCall, info: McpServerInfo, { session, exchange, state }: Finding): DialectReply {
  const { id = 0, era } = call;
  const place = { session, message: exchange?.message ?? '' };
  const result = toMcpAskResult(state, place, toMcpStream(call));
  return { body: toMcpResult(id, era === 'modern' ? withMcpServerInfo(info, result) : result) };
}
