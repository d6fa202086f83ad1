// A page of an app over OpenAI's Responses. The app keeps the ids of its responses, as such apps do, and a
// page that is opened anew reads them.
import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { DialectClient, DialectOracle, ShownExchange, ShownTool } from 'heddle/testing';

/** The body of a request that creates a response. */
export interface CreateBody {
  readonly input: string | readonly object[];
  readonly conversation?: string;
  readonly previous_response_id?: string;
}

/** A client of Responses. Its streams throw if they break, and if the server reports an error. */
export interface ResponsesClient {
  create(body: CreateBody, key: string): AsyncIterable<ResponseStreamEvent>;
  /** Reads the stream of a response, after an event or from its start. */
  follow(id: string, after?: number): AsyncIterable<ResponseStreamEvent>;
  retrieve(id: string): Promise<Response>;
  cancel(id: string): Promise<unknown>;
  close?(): void;
}

type Place = Parameters<DialectOracle['open']>[0];

export interface ResponseOracleOptions {
  readonly name: string;
  open(place: Pick<Place, 'url' | 'owner'>): ResponsesClient | Promise<ResponsesClient>;
  /** Whether the app reads on by `starting_after` when a stream breaks. Otherwise it shows an error. */
  readonly goesOn?: true;
  readonly cannot?: DialectOracle['cannot'];
}

/** The part of one request that the app keeps. */
interface KeptRequest {
  readonly body: CreateBody;
  readonly key: string;
  id?: string;
}

/** A request and its response, as one page shows them. */
interface Asked {
  readonly kept: KeptRequest;
  last?: number;
  status?: string | undefined;
  output: readonly ResponseOutputItem[];
}

/** One message of the user. Answers to approvals are further requests. */
interface Row<Request> {
  readonly said: string;
  readonly requests: Request[];
}

/**
 * The part of a conversation that the app keeps. After an edit the conversation has no name: it goes on from
 * its end.
 */
interface Kept {
  readonly rows: Row<KeptRequest>[];
  isNamed: boolean;
}

/** Creates the driver of a client. */
export function createResponseOracle(options: ResponseOracleOptions): DialectOracle {
  const kept = new Map<string, Kept>();
  return {
    name: options.name,
    ...(options.cannot && { cannot: options.cannot }),
    open: async (place) => {
      const key = JSON.stringify([place.owner, place.thread]);
      const own = kept.get(key) ?? { rows: [], isNamed: true };
      kept.set(key, own);
      return openPage(options, await options.open(place), place, own);
    },
  };
}

const maxTries = 20;

function openPage(
  { goesOn }: ResponseOracleOptions,
  client: ResponsesClient,
  place: Place,
  kept: Kept,
): DialectClient {
  let rows: Row<Asked>[] = [];

  const take = async (asked: Asked, events: AsyncIterable<ResponseStreamEvent>): Promise<void> => {
    for await (const event of events) see(asked, event);
    if (!isOver(asked)) throw new Error('The stream has ended before its response.');
  };
  /** Asks, or goes on where the response is known. */
  const run = async (asked: Asked): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        const { id, body, key } = asked.kept;
        return await take(asked, id === undefined ? client.create(body, key) : client.follow(id, asked.last));
      } catch (error) {
        if (!goesOn || isOver(asked) || tries === maxTries) throw error;
      }
    }
  };
  const send = async (said: string | undefined, body: CreateBody): Promise<void> => {
    const request: KeptRequest = { body, key: crypto.randomUUID() };
    const asked: Asked = { kept: request, output: [] };
    if (said !== undefined) {
      kept.rows.push({ said, requests: [request] });
      rows.push({ said, requests: [asked] });
    } else {
      kept.rows.at(-1)?.requests.push(request);
      rows.at(-1)?.requests.push(asked);
    }
    await run(asked);
  };
  const last = (): Asked | undefined => rows.at(-1)?.requests.at(-1);
  const toPrevious = (): Pick<CreateBody, 'previous_response_id'> => {
    const previous = last()?.kept.id;
    return previous === undefined ? {} : { previous_response_id: previous };
  };
  return {
    send: (text) =>
      send(text, { input: text, ...(kept.isNamed ? { conversation: place.thread } : toPrevious()) }),
    async load() {
      rows = kept.rows.map(({ said, requests }) => ({
        said,
        requests: requests.map((request) => ({ kept: request, output: [] })),
      }));
      for (const asked of rows.flatMap(({ requests }) => requests)) {
        const response = asked.kept.id === undefined ? undefined : await client.retrieve(asked.kept.id);
        if (response) Object.assign(asked, { status: response.status, output: response.output });
        if (!isOver(asked)) await run(asked);
      }
    },
    async answer(approve) {
      const input = (last()?.output ?? []).flatMap((item) =>
        item.type === 'mcp_approval_request'
          ? [{ type: 'mcp_approval_response', approval_request_id: item.id, approve }]
          : [],
      );
      await send(undefined, { input, ...toPrevious() });
    },
    async stop() {
      const id = last()?.kept.id;
      if (id !== undefined) await client.cancel(id);
    },
    async edit(text) {
      kept.rows.pop();
      rows.pop();
      kept.isNamed = false;
      await send(text, { input: text, ...toPrevious() });
    },
    shown: () => rows.map((row) => toShownExchange(row, row === rows.at(-1))),
    close: () => client.close?.(),
  };
}

function isOver({ status }: Asked): boolean {
  return status !== undefined && status !== 'queued' && status !== 'in_progress';
}

/** Shows an event. The items of the last event take the place of those before. */
function see(asked: Asked, event: ResponseStreamEvent): void {
  if ('sequence_number' in event) {
    const next = (asked.last ?? event.sequence_number - 1) + 1;
    if (event.sequence_number !== next)
      throw new Error(`After ${next - 1} comes ${event.sequence_number}, and not ${next}.`);
    asked.last = next;
  }
  if ('response' in event && event.response && 'output' in event.response) {
    const { id, status, output } = event.response;
    asked.kept.id = id;
    Object.assign(asked, { status, output });
  }
  if (event.type === 'response.output_item.added' || event.type === 'response.output_item.done')
    asked.output = asked.output.toSpliced(event.output_index, 1, event.item);
  if (event.type === 'response.output_text.delta')
    asked.output = asked.output.map((item) =>
      item.id === event.item_id && item.type === 'message' ? addText(item, event.delta) : item,
    );
  if (event.type === 'response.failed') throw new Error(event.response.error?.message);
}

type MessageItem = Extract<ResponseOutputItem, { type: 'message' }>;

function addText(item: MessageItem, delta: string): MessageItem {
  const text = toText(item) + delta;
  return { ...item, content: [{ type: 'output_text', text, annotations: [] }] };
}

function toText({ content }: MessageItem): string {
  return content.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
}

function toShownExchange({ said, requests }: Row<Asked>, isLast: boolean): ShownExchange {
  let [text, reasoning] = ['', ''];
  const tools: ShownTool[] = [];
  for (const [index, { output }] of requests.entries())
    for (const item of output) {
      if (item.type === 'message') text += toText(item);
      if (item.type === 'reasoning') reasoning += item.summary.map((part) => part.text).join('');
      if (item.type === 'mcp_call') tools.push(toShownTool(item));
      // A question is open until another request follows.
      const isOpen = isLast && index === requests.length - 1;
      if (item.type === 'mcp_approval_request' && isOpen)
        tools.push({ tool: item.name, input: JSON.parse(item.arguments) as unknown, status: 'waiting' });
    }
  return { said, text, reasoning, tools };
}

/** Shows a tool call. */
export function toShownTool({
  name,
  arguments: input,
  status,
  output,
}: ResponseOutputItem.McpCall): ShownTool {
  const tool = { tool: name, input: parse(input) };
  if (status === 'completed') return { ...tool, status: 'ok', output: parse(output ?? 'null') };
  return { ...tool, status: status === 'failed' ? 'error' : 'open' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
