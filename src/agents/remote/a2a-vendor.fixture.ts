import type { ServerResponse } from 'node:http';
import { AgentCard, SSE_HEADERS, StreamResponse, formatSSEErrorEvent, formatSSEEvent } from 'a2a-sdk';
import { LegacyJsonRpcTransportHandler } from 'a2a-sdk/compat/v0_3/server';
import {
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
  validateVersion,
} from 'a2a-sdk/server';
import type { AgentExecutionEvent, AgentExecutor, ExecutionEventBus, RequestContext } from 'a2a-sdk/server';
import { onTestFinished, vi } from 'vitest';
import { startUpstream } from './upstream.fixture.ts';

/** One request of the agent's server: what was sent, and ways to say something about its task. */
export interface A2aWork {
  /** The number of the request, from 1. */
  readonly count: number;
  readonly context: RequestContext;
  /** Publishes the task as it stands: the one that the message names, or a new one in this state. */
  readonly open: (state?: string, facts?: object) => void;
  readonly status: (state: string, text?: string) => void;
  readonly artifact: (text: string, facts?: object) => void;
  readonly message: (text: string) => void;
}

interface A2aServerOptions {
  /** @default true */
  readonly streaming?: boolean;
  /** The only version that the server speaks. @default '1.0' */
  readonly version?: '1.0' | '0.3';
}

/** Starts a server of the vendor's package on a port of its own. It is closed after the test. */
export async function startA2aServer(
  work: (work: A2aWork) => void | Promise<void>,
  { streaming = true, version = '1.0' }: A2aServerOptions = {},
) {
  // The package logs each failure.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const methods: string[] = [];
  const cancelled: string[] = [];
  let count = 0;
  const executor: AgentExecutor = {
    execute: async (context, bus) => work({ count: ++count, context, ...createWords(context, bus) }),
    cancelTask: async (taskId, bus) => {
      cancelled.push(taskId);
      bus.publish(toEvent({ statusUpdate: { taskId, status: { state: 'TASK_STATE_CANCELED' } } }));
    },
  };
  const card = AgentCard.fromJSON({
    name: 'agent',
    version: '1',
    capabilities: { streaming },
    supportedInterfaces: [{ url: '/', protocolBinding: 'JSONRPC', protocolVersion: version }],
  });
  const handler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor);
  const isOlder = version === '0.3';
  const transport = isOlder
    ? new LegacyJsonRpcTransportHandler(handler)
    : new JsonRpcTransportHandler(handler);
  const toError = (error: unknown): object => ({
    jsonrpc: '2.0',
    id: null,
    error: isOlder
      ? LegacyJsonRpcTransportHandler.mapToLegacyJSONRPCError(error)
      : JsonRpcTransportHandler.mapToJSONRPCError(error),
  });
  // The package's own HTTP server is Express, whose packages do not load under the conditions of these tests.
  const { url } = await startUpstream(async (response, { headers, body }) => {
    const request = body as Record<string, unknown>;
    methods.push(String(request['method']));
    const requestedVersion = String(headers['a2a-version']);
    try {
      validateVersion(requestedVersion, card, 'JSONRPC');
      await send(response, await transport.handle(request, new ServerCallContext({ requestedVersion })));
    } catch (error) {
      response.end(
        response.headersSent ? formatSSEErrorEvent(toError(error)) : JSON.stringify(toError(error)),
      );
    }
  });
  return { url, methods, cancelled };
}

/** Sends a result, or a stream of them, of which the first one may fail before there are headers. */
async function send(response: ServerResponse, results: object): Promise<void> {
  if (!(Symbol.asyncIterator in results)) {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(results));
    return;
  }
  for await (const result of results as AsyncIterable<object>) {
    if (!response.headersSent) response.writeHead(200, SSE_HEADERS);
    response.write(formatSSEEvent(result));
  }
  response.end();
}

function createWords(
  { task, taskId, contextId }: RequestContext,
  bus: ExecutionEventBus,
): Omit<A2aWork, 'count' | 'context'> {
  const ids = { taskId, contextId };
  const toMessage = (text: string): object => ({
    messageId: crypto.randomUUID(),
    role: 'ROLE_AGENT',
    parts: [{ text }],
    ...ids,
  });
  const toStatus = (state: string, text?: string): object => ({
    state: `TASK_STATE_${state}`,
    ...(text !== undefined && { message: toMessage(text) }),
  });
  return {
    open: (state = 'SUBMITTED', { text, ...facts }: { text?: string } = {}) =>
      bus.publish(
        task === undefined
          ? toEvent({ task: { id: taskId, contextId, status: toStatus(state, text), ...facts } })
          : { kind: 'task', data: task },
      ),
    status: (state, text) =>
      bus.publish(toEvent({ statusUpdate: { ...ids, status: toStatus(state, text) } })),
    artifact: (text, facts) =>
      bus.publish(
        toEvent({ artifactUpdate: { ...ids, artifact: { artifactId: 'a1', parts: [{ text }] }, ...facts } }),
      ),
    message: (text) => bus.publish(toEvent({ message: { ...toMessage(text), taskId: '' } })),
  };
}

function toEvent(json: object): AgentExecutionEvent {
  const { payload } = StreamResponse.fromJSON(json);
  return { kind: payload?.$case, data: payload?.value } as AgentExecutionEvent;
}
