import type { Dialect } from '../dialect.ts';
import { toCardRoute } from './agent-card.ts';
import type { AgentCardOptions } from './agent-card.ts';
import { toA2aHttpRoutes } from './http-routes.ts';
import { openA2a } from './project.ts';
import { toPushNotice } from './push-notice.ts';
import { toA2aRpcRoute } from './rpc-route.ts';

export interface A2aOptions extends AgentCardOptions {
  /** The path of JSON-RPC. The paths of HTTP+JSON are below it. @default '/a2a' */
  readonly path?: string;
}

/**
 * Creates the dialect for other agents, by the Agent2Agent protocol: version 1.0 over JSON-RPC and over
 * HTTP+JSON, and version 0.3 over JSON-RPC. A task is one message and all that is answered to it.
 */
export function a2a({ path = '/a2a', ...card }: A2aOptions = {}): Dialect {
  return {
    name: 'a2a',
    onCut: 'destroy',
    cors: { allow: ['a2a-version', 'a2a-extensions'], expose: [] },
    open: openA2a,
    notify: toPushNotice,
    routes: [toCardRoute(path, card), toA2aRpcRoute(path), ...toA2aHttpRoutes(path)],
  };
}
