// HttpAgent of AG-UI, with what it lacks: it reads on after a cut, and loads a conversation (`connectAgent`).
import { EventType, HttpAgent } from '@ag-ui/client';
import type { AgentSubscriber, BaseEvent, HttpAgentConfig, RunAgentInput } from '@ag-ui/client';
import { encode, parse } from 'heddle/wire';

const attempts = 20;
const pauseMs = 250;
// `cursor`: this client goes on after the last id that it has.
const connectPath = '/connect?cursor';

interface Kept {
  readonly id: string;
}

interface Withdrawal<Message> {
  readonly event: {
    readonly name: string;
    readonly value?: {
      readonly messageIds?: readonly string[];
      readonly messageId?: string;
      readonly content?: string;
    };
  };
  readonly messages: readonly Message[];
}

/** A subscriber for any agent: it removes text that Heddle's agent withdraws, and changes text that it replaces. */
export const withdrawals = {
  onCustomEvent<Message extends Kept>({ event: { name, value }, messages }: Withdrawal<Message>) {
    if (name === 'discard')
      return { messages: messages.filter(({ id }) => !value?.messageIds?.includes(id)) };
    if (name !== 'replace') return undefined;
    const change = (message: Message): Message =>
      message.id === value?.messageId ? { ...message, content: value.content } : message;
    return { messages: messages.map(change) };
  },
};

/** Notes the run that an agent shows, which may be another one than it asked for. */
const runs: AgentSubscriber = {
  onRunStartedEvent({ event, agent }) {
    if (agent instanceof HeddleAgent) agent.shownRun = event.runId;
  },
};

export class HeddleAgent extends HttpAgent {
  shownRun: string | undefined;

  constructor(config: HttpAgentConfig) {
    super(config);
    const ask = this.fetch;
    this.fetch = (url, init) => fetchWhole(ask, url, init);
    this.subscribe(withdrawals);
    this.subscribe(runs);
  }

  override run(input: RunAgentInput): ReturnType<HttpAgent['run']> {
    this.shownRun = input.runId;
    return super.run(input);
  }

  // The server sends the conversation so far, and then the open run.
  protected override connect(input: RunAgentInput): ReturnType<HttpAgent['run']> {
    const other: HttpAgent = Object.create(this, { url: { value: `${this.url}${connectPath}` } });
    return HttpAgent.prototype.run.call(other, input);
  }

  // Leaving a run does not stop it, so the server is told. A run of another tab goes on.
  override abortRun(): void {
    const body = JSON.stringify({ threadId: this.threadId, runId: this.shownRun });
    const headers = { ...this.headers, 'content-type': 'application/json' };
    void fetch(`${this.url}/stop`, { method: 'POST', headers, body }).catch(() => {});
    super.abortRun();
  }
}

/** Returns a response that lasts until its run has ended, however often the connection is cut. */
async function fetchWhole(ask: HttpAgent['fetch'], url: string, init: RequestInit): Promise<Response> {
  const first = await ask(url, init);
  if (!first.ok) return first;
  const text = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: async (controller) => {
      try {
        for await (const block of readWhole(ask, url, init, first)) controller.enqueue(text.encode(block));
        controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

interface Place {
  readonly runId: string;
  readonly lastId: string;
}

async function* readWhole(
  ask: HttpAgent['fetch'],
  url: string,
  init: RequestInit,
  first: Response,
): AsyncGenerator<string> {
  let response: Response | undefined = first;
  // Before the open run come frames without ids. They wait here, so that they can be asked for again.
  let waiting = '';
  let place: Place | undefined;
  let isOpen = true;
  for (let failures = 0; failures < attempts; failures += 1) {
    try {
      response ??= await ask(place ? url.replace(connectPath, '') : url, toInit(init, place));
      if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
      for await (const { id, data } of parse(response.body)) {
        const event: BaseEvent = JSON.parse(data);
        if (event.type === EventType.RUN_STARTED) isOpen = true;
        if (event.type === EventType.RUN_FINISHED || event.type === EventType.RUN_ERROR) isOpen = false;
        waiting += encode({ data });
        if (id === '') continue;
        const runId = event.type === EventType.RUN_STARTED ? String(event['runId']) : (place?.runId ?? '');
        place = { runId, lastId: id };
        failures = 0;
        yield waiting;
        waiting = '';
      }
    } catch (error) {
      if (init.signal?.aborted) throw error;
      isOpen ||= place === undefined;
    }
    if (!isOpen) return yield waiting;
    waiting = '';
    response = undefined;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error('The server cannot be reached.');
}

/** Asks for the rest of a run: the same request, with the id of the last frame. */
function toInit(init: RequestInit, place: Place | undefined): RequestInit {
  if (place === undefined) return init;
  const body = { ...JSON.parse(typeof init.body === 'string' ? init.body : '{}'), runId: place.runId };
  const headers = new Headers(init.headers);
  headers.set('last-event-id', place.lastId);
  return { ...init, headers, body: JSON.stringify(body) };
}
