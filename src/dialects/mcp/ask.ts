import { RefusalError } from '../../protocol/index.ts';
import type {
  AnswerIntent,
  Finding,
  ReadIntent,
  SendIntent,
  Show,
  StreamShow,
  ThreadName,
} from '../intent.ts';
import type { DialectReply } from '../dialect-reply.ts';
import { withServerInfo } from './about.ts';
import type { ServerInfo } from './about.ts';
import type { McpCall } from './call.ts';
import { toFormDecision } from './elicitation.ts';
import { rpcErrors, toFields, toRpcError, toRpcResult } from './rpc.ts';
import type { RpcId } from './rpc.ts';
import { toStream, toVariant } from './stream-name.ts';
import { toTask } from './task.ts';
import { fromTaskId, toAskResult } from './tool-result.ts';
import type { AnswerPlace } from './tool-result.ts';

/** The longest name that a turn may have, in characters. */
const maxRun = 200;

export interface AskOptions {
  readonly info: ServerInfo;
  /** Whether the client reads streams. */
  readonly streams: boolean;
}

/** Reads a call of the tool: it sends a message, or brings the user's answers to the approvals of an earlier call. */
export function readAsk(call: McpCall, options: AskOptions): SendIntent | AnswerIntent | ReadIntent {
  const { params, era } = call;
  const asked = era === 'modern' ? fromTaskId(params['requestState']) : undefined;
  if (asked !== undefined) return readRetry(call, asked, options);
  const { message, thread } = toFields(params['arguments']);
  if (typeof message !== 'string')
    throw new RefusalError('malformed', 'The "message" must be a text: what the agent is asked.');
  const run = toRun(call.session, call.id);
  return {
    type: 'send',
    thread: toThread(thread),
    message: { content: message, ...(run !== undefined && { run }) },
    show: toShow(call, options),
  };
}

function toThread(name: unknown): ThreadName {
  if (name === undefined || name === null) return { type: 'new' };
  if (typeof name === 'string') return { type: 'named', name };
  throw new RefusalError('malformed', 'The "thread" must be a text: the name of a conversation.');
}

function readRetry(
  call: McpCall,
  { session, message }: AnswerPlace,
  options: AskOptions,
): AnswerIntent | ReadIntent {
  const thread = { type: 'session', session } as const;
  const decisions = readDecisions(call.params['inputResponses']);
  // A client that answers nothing gets the answer as it stands.
  if (decisions.length === 0) return { type: 'read', thread, of: { message }, show: toShow(call, options) };
  return {
    type: 'answer',
    thread,
    decisions,
    show: toShow(call, options),
    pending: { as: 'now', reply: (found) => toWhole(call, options.info, found) },
  };
}

/** Reads the answers to forms, by the names of their approvals. Answers that are none are left out. */
export function readDecisions(responses: unknown): AnswerIntent['decisions'] {
  return Object.entries(toFields(responses)).flatMap(([approval, response]) => {
    const decision = toFormDecision(response);
    return decision === undefined ? [] : [{ approval, decision }];
  });
}

/** Returns the name of the turn of a request, by which its client cancels it; undefined if the client cannot. */
export function toRun(session: string | undefined, id: RpcId | undefined): string | undefined {
  const run = session === undefined || id === undefined ? '' : `mcp ${session} ${JSON.stringify(id)}`;
  return run === '' || run.length > maxRun ? undefined : run;
}

function toShow(call: McpCall, { info, streams }: AskOptions): Show {
  if (call.tasks) return { as: 'now', reply: (found) => toCreatedTask(call, info, found) };
  if (!streams) return { as: 'whole', reply: (found) => toWhole(call, info, found) };
  const show: StreamShow = { as: 'stream', variant: toVariant(toStream(call)) };
  // The modern revision has no other way to cancel. Earlier ones cancel by a notification.
  return call.era === 'modern' ? { ...show, ownsTurn: true } : show;
}

function toCreatedTask({ id = 0 }: McpCall, info: ServerInfo, found: Finding): DialectReply {
  const task = toTask(found);
  if (task === undefined) return { body: toRpcError(id, rpcErrors.internal, 'The message is gone.') };
  const { inputRequests, result, ...seed } = task;
  return { body: toRpcResult(id, withServerInfo(info, { resultType: 'task', ...seed })) };
}

function toWhole(call: McpCall, info: ServerInfo, { session, exchange, state }: Finding): DialectReply {
  const { id = 0, era } = call;
  const place = { session, message: exchange?.message ?? '' };
  const result = toAskResult(state, place, toStream(call));
  return { body: toRpcResult(id, era === 'modern' ? withServerInfo(info, result) : result) };
}
