import { RefusalError } from '../../protocol/index.ts';
import type { DialectReply } from '../dialect-reply.ts';
import type { WebhooksIntent } from '../intent.ts';
import type { KeptWebhook, Webhook } from '../webhook.ts';
import { toA2aResultReply } from './a2a-frame.ts';
import type { A2aFacts } from './a2a-objects.ts';
import { A2aProblem } from './a2a-problem.ts';
import type { A2aRequest } from './a2a-request.ts';
import type { A2aVersion } from './peer.ts';
import { readObjectParam, readTaskParam, readTextParam, toInvalidParam } from './read-params.ts';
import { toA2aTaskId } from './task-name.ts';

/** Reads a request to register a configuration of push notifications. It replaces one of the same id. */
export function readCreatePushConfig(request: A2aRequest): WebhooksIntent {
  requirePushes(request);
  const { peer, params } = request;
  const config = peer.version === '0.3' ? readObjectParam(params, 'pushNotificationConfig') : params;
  const put = toWebhook(config, peer.version);
  return toIntent(request, 'taskId', {
    change: { put },
    reply: (configs, taskId) => toOne(request, configs, taskId, put.id),
  });
}

/** Reads a request for one configuration. Version 0.3 may leave its id out, and gets the first. */
export function readGetPushConfig(request: A2aRequest): WebhooksIntent {
  requirePushes(request);
  const id = readConfigId(request);
  return toIntent(request, toTaskField(request), {
    reply: (configs, taskId) => toOne(request, configs, taskId, id),
  });
}

/** Reads a request for all configurations of a task. They fit one page. */
export function readListPushConfigs(request: A2aRequest): WebhooksIntent {
  requirePushes(request);
  const { version } = request.peer;
  return toIntent(request, toTaskField(request), {
    reply(kept, taskId) {
      const configs = kept.map((each) => toConfig(each, taskId, version));
      return toA2aResultReply(request.peer, version === '0.3' ? configs : { configs, nextPageToken: '' });
    },
  });
}

/** Reads a request to delete a configuration. One that is not there is no error. */
export function readDeletePushConfig(request: A2aRequest): WebhooksIntent {
  requirePushes(request);
  const id = readConfigId(request);
  if (id === undefined) throw toInvalidParam('id', 'is missing: name the configuration');
  const { peer } = request;
  return toIntent(request, toTaskField(request), {
    change: { drop: id },
    reply: () => toA2aResultReply(peer, peer.version === '0.3' ? null : {}),
  });
}

/** Reads the configuration that a message brings; undefined if it brings none. */
export function readPushConfig(request: A2aRequest, configuration: A2aFacts): Webhook | undefined {
  const { version } = request.peer;
  const field = version === '0.3' ? 'pushNotificationConfig' : 'taskPushNotificationConfig';
  if ((configuration[field] ?? undefined) === undefined) return undefined;
  requirePushes(request);
  return toWebhook(readObjectParam(configuration, field), version);
}

interface ConfigIntent extends Pick<WebhooksIntent, 'change'> {
  reply(configs: readonly KeptWebhook[], taskId: string): DialectReply;
}

function toIntent({ params }: A2aRequest, field: string, { change, reply }: ConfigIntent): WebhooksIntent {
  const { session, message } = readTaskParam(params, field);
  return {
    type: 'webhooks',
    thread: { type: 'session', session },
    of: { message },
    ...(change && { change }),
    reply: (configs) => reply(configs, toA2aTaskId({ session, message })),
  };
}

function requirePushes({ pushes }: A2aRequest): void {
  if (pushes) return;
  throw new A2aProblem(
    'PUSH_NOTIFICATION_NOT_SUPPORTED',
    'This agent sends no push notifications: subscribe to the task, or get it.',
  );
}

function toTaskField({ peer }: A2aRequest): string {
  return peer.version === '0.3' ? 'id' : 'taskId';
}

function readConfigId({ peer, params }: A2aRequest): string | undefined {
  return readTextParam(params, peer.version === '0.3' ? 'pushNotificationConfigId' : 'id');
}

function toWebhook(config: A2aFacts, version: A2aVersion): Webhook {
  const [id, url, token] = [
    readTextParam(config, 'id'),
    readTextParam(config, 'url'),
    readTextParam(config, 'token'),
  ];
  if (url === undefined) throw toInvalidParam('url', 'is missing: name where to send');
  const authentication = readObjectParam(config, 'authentication');
  const credentials = readTextParam(authentication, 'credentials');
  const scheme = readScheme(authentication, version);
  if (scheme === undefined && credentials !== undefined)
    throw toInvalidParam('authentication', 'has credentials and no scheme');
  return {
    url,
    variant: version,
    ...(id !== undefined && { id }),
    ...(token !== undefined && { token }),
    ...(scheme !== undefined && {
      authentication: { scheme, ...(credentials !== undefined && { credentials }) },
    }),
  };
}

/** Version 0.3 has a list of schemes. The credentials are for one: the first. */
function readScheme(authentication: A2aFacts, version: A2aVersion): string | undefined {
  if (version === '1.0') return readTextParam(authentication, 'scheme');
  const schemes: unknown = authentication['schemes'] ?? [];
  if (!Array.isArray(schemes)) throw toInvalidParam('authentication.schemes', 'must be a list');
  return readTextParam({ scheme: schemes[0] }, 'scheme');
}

function toOne(
  { peer }: A2aRequest,
  configs: readonly KeptWebhook[],
  taskId: string,
  id: string | undefined,
): DialectReply {
  // Without an id, the one of the message's name is meant, which a registration without an id has.
  const found =
    id === undefined
      ? (configs.find(isUnnamed(taskId)) ?? configs[0])
      : configs.find((each) => each.id === id);
  if (found === undefined) throw new RefusalError('not_found');
  return toA2aResultReply(peer, toConfig(found, taskId, peer.version));
}

function isUnnamed(taskId: string): (webhook: KeptWebhook) => boolean {
  return ({ id }) => taskId.endsWith(`.${id}`);
}

function toConfig(
  { id, url, token, authentication }: KeptWebhook,
  taskId: string,
  version: A2aVersion,
): A2aFacts {
  const { scheme, credentials } = authentication ?? {};
  const secret = credentials === undefined ? {} : { credentials };
  const how = version === '0.3' ? { schemes: [scheme], ...secret } : { scheme, ...secret };
  const config = {
    id,
    url,
    ...(token !== undefined && { token }),
    ...(authentication && { authentication: how }),
  };
  return version === '0.3' ? { taskId, pushNotificationConfig: config } : { taskId, ...config };
}
