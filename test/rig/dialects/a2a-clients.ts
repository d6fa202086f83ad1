import { ListTasksRequest, SendMessageRequest } from 'a2a-sdk';
import type { StreamResponse } from 'a2a-sdk';
import {
  ClientFactory,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
} from 'a2a-sdk/client';
import type { Client } from 'a2a-sdk/client';
import { TaskState } from 'a2a-sdk';
import type { DialectClient, DialectOracle } from 'heddle/testing';
import { createA2aPage, over } from './a2a-page.ts';

/** A client of the official package, and what it speaks. */
interface A2aKind {
  readonly binding: 'JSONRPC' | 'HTTP+JSON';
  readonly version: '1.0' | '0.3';
}

/** Connects to the agent of a URL as a peer does: by its card. */
export async function connectA2a(
  url: string,
  { binding, version }: A2aKind,
  headers: Record<string, string>,
): Promise<Client> {
  const fetchImpl: typeof fetch = (input, init) =>
    fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), ...headers } });
  const card = await new DefaultAgentCardResolver({ fetchImpl }).resolve(`${url}/`);
  // A client that knows both versions takes the later one.
  const supportedInterfaces = card.supportedInterfaces
    .filter((each) => each.protocolBinding === binding && each.protocolVersion === version)
    // The card has the URL of the request, and a proxy may be in between.
    .map((each) => ({ ...each, url: each.url.replace(new URL(each.url).origin, url) }));
  const options = { fetchImpl, legacyCompat: { enabled: version === '0.3' } };
  return new ClientFactory({
    transports: [new JsonRpcTransportFactory(options), new RestTransportFactory(options)],
  }).createFromAgentCard({ ...card, supportedInterfaces });
}

const noReasoning = 'The protocol has no reasoning of an agent, and it is not sent.';
const noEdit = 'The protocol has no messages that replace earlier ones.';
const noList =
  'Version 0.3 has no method that lists the tasks of a conversation, so that a new page knows none.';

function createA2aOracle(kind: A2aKind, cannot: DialectOracle['cannot'] = {}): DialectOracle {
  return {
    name: `@a2a-js/sdk 1.3.0, ${kind.binding} ${kind.version}`,
    cannot: { reasoning: noReasoning, edit: noEdit, ...cannot },
    open: async (place) => openPage(kind, place, await connect(kind, place)),
  };
}

/** The clients of the dialect A2A. */
export const a2aOracles = {
  rpc: createA2aOracle({ binding: 'JSONRPC', version: '1.0' }),
  http: createA2aOracle({ binding: 'HTTP+JSON', version: '1.0' }),
  older: createA2aOracle(
    { binding: 'JSONRPC', version: '0.3' },
    {
      dismissed: noList,
      'answered on another page': noList,
      'loaded as streamed': noList,
      'two pages': noList,
      queue: noList,
      retracted: noList,
      replaced: noList,
      'two owners': noList,
    },
  ),
} satisfies Readonly<Record<string, DialectOracle>>;

type Place = Parameters<DialectOracle['open']>[0];

/** The card is read again until it arrives: it is not what the checks cut. */
async function connect(kind: A2aKind, { url, owner }: Place): Promise<Client> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await connectA2a(url, kind, { authorization: `Bearer ${owner}` });
    } catch (error) {
      if (attempt === 10) throw error;
    }
}

function openPage(kind: A2aKind, { thread }: Place, client: Client): DialectClient {
  const page = createA2aPage();
  const leaving = new AbortController();
  const { signal } = leaving;
  /** The messages that were sent and whose tasks are not known yet. Each is sent again under its id. */
  const sent = new Map<string, SendMessageRequest>();
  const follow = async (events: AsyncIterable<StreamResponse>): Promise<void> => {
    let id = '';
    for await (const event of events) {
      page.see(event);
      if (event.payload?.$case === 'task') ({ id } = event.payload.value);
    }
    const state = page.state(id);
    if (state === TaskState.TASK_STATE_FAILED) throw new Error('The task failed.');
    if (!over.has(state) && state !== TaskState.TASK_STATE_INPUT_REQUIRED)
      throw new Error('The stream ended early.');
  };
  const send = async (parts: readonly object[], taskId?: string): Promise<void> => {
    const messageId = crypto.randomUUID();
    const request = SendMessageRequest.fromJSON({
      message: {
        messageId,
        role: 'ROLE_USER',
        contextId: thread,
        parts,
        ...(taskId !== undefined && { taskId }),
      },
    });
    if (taskId === undefined) sent.set(messageId, request);
    await follow(client.sendMessageStream(request, { signal }));
    sent.delete(messageId);
  };
  const resume = async (id: string): Promise<void> => {
    page.keep(await client.getTask({ tenant: '', id }));
    const state = page.state(id);
    if (!over.has(state) && state !== TaskState.TASK_STATE_INPUT_REQUIRED)
      await follow(client.resubscribeTask({ tenant: '', id }, { signal }));
  };
  return {
    send: (text) => send([{ text }]),
    async load() {
      if (kind.version === '0.3') {
        for (const id of page.ids) await resume(id);
        for (const [messageId, request] of page.ids.length > 0 ? [] : sent) {
          await follow(client.sendMessageStream(request, { signal }));
          sent.delete(messageId);
        }
        return;
      }
      page.clear();
      const tasks = [];
      for (let pageToken = ''; ;) {
        const request = {
          contextId: thread,
          pageToken,
          pageSize: 3,
          historyLength: 1,
          includeArtifacts: true,
        };
        const listed = await client.transport.listTasks(ListTasksRequest.fromJSON(request), {
          signal,
          serviceParameters: { 'A2A-Version': '1.0' },
        });
        tasks.push(...listed.tasks);
        pageToken = listed.nextPageToken;
        if (pageToken === '') break;
      }
      for (const task of tasks.toReversed()) page.keep(task);
      for (const id of page.ids) await resume(id);
    },
    async answer(isApproved) {
      const { id, approvals } = page.waiting ?? { id: '', approvals: [] };
      await send(
        approvals.map((approval) => ({ data: { approval, decision: isApproved } })),
        id,
      );
    },
    async stop() {
      await client.cancelTask({ tenant: '', id: page.last ?? '', metadata: undefined });
    },
    edit: () => Promise.reject(new Error(noEdit)),
    shown: () => page.shown,
    close: () => leaving.abort(),
  };
}
