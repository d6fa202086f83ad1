import type { DialectRequest, DialectRoute } from '../dialect-route.ts';
import type { A2aFacts } from './a2a-objects.ts';
import { A2aProblem, a2aJson, decodeOrReply, toA2aRefusalReply } from './a2a-problem.ts';
import { toA2aRequest } from './a2a-request.ts';
import type { A2aRead } from './a2a-request.ts';
import { readListTasks } from './list-tasks.ts';
import { readA2aVersion } from './peer.ts';
import type { A2aPeer } from './peer.ts';
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

const peer: A2aPeer = { version: '1.0' };

/** Returns the routes of HTTP+JSON. They are of version 1.0 only. */
export function toA2aHttpRoutes(path: string): readonly DialectRoute[] {
  const get = (place: string, read: A2aRead, streams?: true): DialectRoute =>
    toRoute('GET', `${path}${place}`, read, streams);
  const post = (place: string, read: A2aRead, streams?: true): DialectRoute =>
    toRoute('POST', `${path}${place}`, read, streams);
  const configs = '/tasks/:task/pushNotificationConfigs';
  return [
    post('/message:send', (request) => readSendMessage(request, false)),
    post('/message:stream', (request) => readSendMessage(request, true), true),
    get('/tasks', (request) => readListTasks(peer, request.params)),
    // The method for one task stands behind its id: `…/tasks/<id>:subscribe`.
    get(
      '/tasks/:task',
      toTaskMethod(
        new Map([
          ['', readGetTask],
          ['subscribe', readSubscribeToTask],
        ]),
      ),
      true,
    ),
    post(
      '/tasks/:task',
      toTaskMethod(
        new Map<string, A2aRead>([
          ['cancel', readCancelTask],
          ['subscribe', readSubscribeToTask],
        ]),
      ),
      true,
    ),
    get('/extendedAgentCard', readExtendedCard),
    get(configs, toConfigMethod(readListPushConfigs)),
    post(configs, toConfigMethod(readCreatePushConfig)),
    get(`${configs}/:config`, toConfigMethod(readGetPushConfig, true)),
    toRoute('DELETE', `${path}${configs}/:config`, toConfigMethod(readDeletePushConfig, true)),
  ];
}

/** Reads the method and the id of a task from the last segment of a path. */
function toTaskMethod(reads: ReadonlyMap<string, A2aRead>): A2aRead {
  return (request) => {
    const [, id = '', method = ''] = /^([^:]*)(?::(.*))?$/su.exec(String(request.params['task'])) ?? [];
    const read = reads.get(method);
    if (read !== undefined) return read({ ...request, params: { ...request.params, id } });
    const names = [...reads.keys()].filter((name) => name !== '').map((name) => `:${name}`);
    throw new A2aProblem('METHOD_NOT_FOUND', `A task has ${names.join(' and ')} for this method of HTTP.`);
  };
}

/** Reads the task, and the configuration if the path has one, as other bindings name them. */
function toConfigMethod(read: A2aRead, hasConfig?: true): A2aRead {
  return ({ params, ...request }) => {
    const { task: taskId, config: id } = params;
    return read({ ...request, params: { ...params, taskId, ...(hasConfig && { id }) } });
  };
}

function toRoute(method: DialectRoute['method'], path: string, read: A2aRead, streams?: true): DialectRoute {
  return {
    method,
    path,
    acts: method !== 'GET',
    ...(streams && { streams }),
    types: [a2aJson],
    decode: (request) =>
      decodeOrReply(peer, () => {
        const version = readA2aVersion(request);
        if (version !== '1.0')
          throw new A2aProblem(
            'VERSION_NOT_SUPPORTED',
            'This interface speaks A2A 1.0: send the header A2A-Version: 1.0.',
          );
        return read(toA2aRequest(request, peer, toParams(request)));
      }),
    refuse(refusal, request) {
      const isCancel = request?.params['task']?.endsWith(':cancel') === true;
      const aim = isCancel ? 'cancel' : isAnswerToTask(request?.body) ? 'answer' : undefined;
      return toA2aRefusalReply(peer, refusal, aim);
    },
  };
}

/** The parameters are in the path, in the query and in the body. */
function toParams({ params, query, body }: DialectRequest): A2aFacts {
  return { ...Object.fromEntries(query), ...body, ...params };
}
