import { isRecord } from '../../protocol/internal.ts';
import type { DialectReply, Refusal } from '../dialect-reply.ts';
import type { DialectRequest, DialectRoute } from '../dialect-route.ts';
import type { Intent } from '../intent.ts';
import { A2aProblem, decodeOrReply, toA2aProblemReply, toA2aRefusalReply } from './a2a-problem.ts';
import { toA2aRequest } from './a2a-request.ts';
import type { A2aRead } from './a2a-request.ts';
import { readListTasks } from './list-tasks.ts';
import { isA2aRpcId, readA2aVersion } from './peer.ts';
import type { A2aVersion, A2aPeer } from './peer.ts';
import {
  readCreatePushConfig,
  readDeletePushConfig,
  readGetPushConfig,
  readListPushConfigs,
} from './push-configs.ts';
import {
  isAnswerToTask,
  readCancelTask,
  readExtendedCard,
  readGetTask,
  readSendMessage,
  readSubscribeToTask,
} from './task-requests.ts';

/** The methods of each version. */
const methods: Readonly<Record<A2aVersion, ReadonlyMap<string, A2aRead>>> = {
  '1.0': new Map<string, A2aRead>([
    ['SendMessage', (request) => readSendMessage(request, false)],
    ['SendStreamingMessage', (request) => readSendMessage(request, true)],
    ['GetTask', readGetTask],
    ['ListTasks', ({ peer, params }) => readListTasks(peer, params)],
    ['CancelTask', readCancelTask],
    ['SubscribeToTask', readSubscribeToTask],
    ['GetExtendedAgentCard', readExtendedCard],
    ['CreateTaskPushNotificationConfig', readCreatePushConfig],
    ['GetTaskPushNotificationConfig', readGetPushConfig],
    ['ListTaskPushNotificationConfigs', readListPushConfigs],
    ['DeleteTaskPushNotificationConfig', readDeletePushConfig],
  ]),
  '0.3': new Map<string, A2aRead>([
    ['message/send', (request) => readSendMessage(request, false)],
    ['message/stream', (request) => readSendMessage(request, true)],
    ['tasks/get', readGetTask],
    ['tasks/cancel', readCancelTask],
    ['tasks/resubscribe', readSubscribeToTask],
    ['agent/getAuthenticatedExtendedCard', readExtendedCard],
    ['tasks/pushNotificationConfig/set', readCreatePushConfig],
    ['tasks/pushNotificationConfig/get', readGetPushConfig],
    ['tasks/pushNotificationConfig/list', readListPushConfigs],
    ['tasks/pushNotificationConfig/delete', readDeletePushConfig],
  ]),
};

/** Returns the route of JSON-RPC, for both versions. */
export function toA2aRpcRoute(path: string): DialectRoute {
  return { method: 'POST', path, acts: true, streams: true, decode, refuse };
}

function decode(request: DialectRequest): Intent {
  const peer = toPeer(request);
  return decodeOrReply(peer, () => readCall(peer, request));
}

function readCall(peer: A2aPeer, request: DialectRequest): Intent {
  const { jsonrpc, id = null, method } = request.body;
  const params = request.body['params'] ?? {};
  if (jsonrpc !== '2.0' || typeof method !== 'string' || !isA2aRpcId(id))
    throw new A2aProblem(
      'INVALID_REQUEST',
      'A request has "jsonrpc": "2.0", a "method", and an "id" that is a number or a text of at most 200 characters.',
    );
  const version = requireA2aVersion(request);
  const read = methods[version].get(method);
  if (read === undefined) throw new A2aProblem('METHOD_NOT_FOUND', tellMethods(method, version));
  if (!isRecord(params)) throw new A2aProblem('INVALID_PARAMS', '"params" must be an object.', 'params');
  return read(toA2aRequest(request, peer, params));
}

/** Reads the version of a request. Throws an A2aProblem for one that is not served. */
function requireA2aVersion(request: DialectRequest): A2aVersion {
  const version = readA2aVersion(request);
  if (version !== undefined) return version;
  throw new A2aProblem('VERSION_NOT_SUPPORTED', 'This interface speaks A2A 1.0 and 0.3.');
}

function tellMethods(method: string, version: A2aVersion): string {
  const other = version === '0.3' ? '1.0' : '0.3';
  if (methods[other].has(method))
    return `${method} is a method of A2A ${other}: send the header A2A-Version: ${other}.`;
  return `There is no method of that name in A2A ${version}.`;
}

/** Returns how the peer of a request speaks, as far as the request is legible. */
function toPeer(request: DialectRequest | undefined): A2aPeer {
  const id = request?.body['id'] ?? null;
  const version = (request && readA2aVersion(request)) ?? '1.0';
  return { version, rpc: { id: isA2aRpcId(id) ? id : null } };
}

function refuse(refusal: Refusal, request: DialectRequest | undefined): DialectReply {
  const peer = toPeer(request);
  // Without a request, the body is no object that a route could decode.
  if (request === undefined && refusal.code === 'malformed' && !refusal.unreadable)
    return toA2aProblemReply(peer, new A2aProblem('INVALID_REQUEST', refusal.message));
  const { method, params } = request?.body ?? {};
  const isCancel = method === 'CancelTask' || method === 'tasks/cancel';
  return toA2aRefusalReply(
    peer,
    refusal,
    isCancel ? 'cancel' : isAnswerToTask(params) ? 'answer' : undefined,
  );
}
