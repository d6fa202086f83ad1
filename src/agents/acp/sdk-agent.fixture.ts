// An agent of the official SDK in a process of Node. It follows the script of the contract, if there is one. A prompt
// that is a play (`{ "play": [ … ] }`) has what it is to do, one thing after the other. Any other prompt it repeats.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { RequestError, agent, methods, ndJsonStream } from '@agentclientprotocol/sdk/unstable';
import type {
  AgentContext,
  ContentBlock,
  PermissionOption,
  PromptResponse,
  SessionUpdate,
  ToolCallUpdate,
} from '@agentclientprotocol/sdk/unstable';
import type { AgentEvent } from '../../protocol/index.ts';
import { fieldsOf, textOf } from '../kit/index.ts';
import type { GivenMessage } from '../kit/oracle.fixture.ts';
import type { LoopCall, LoopTurn } from '../kit/scripted-loop.fixture.ts';
import { createDistantLoop } from '../process/distant-loop.fixture.ts';
import type { DistantLoop } from '../process/distant-loop.fixture.ts';

/** One thing of a play. `wait` goes on only after a cancel. */
export type PlayStep =
  | { readonly update: SessionUpdate }
  | { readonly permission: ToolCallUpdate; readonly options?: readonly PermissionOption[] }
  | { readonly request: string }
  | { readonly print: string }
  | { readonly exit: number }
  | { readonly wait: true }
  /** Says the folder of the session. */
  | { readonly where: true }
  /** Says a variable of the environment. */
  | { readonly variable: string }
  | { readonly stop: PromptResponse['stopReason'] };

const usualOptions: readonly PermissionOption[] = [
  { optionId: 'always', name: 'Always', kind: 'allow_always' },
  { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
  { optionId: 'no', name: 'No', kind: 'reject_once' },
];

const distant = process.env['SCRIPT'] === undefined ? undefined : createDistantLoop();
/** The words of the questions, by call. */
const reasons = new Map<string, string>();
const folder = process.env['SESSIONS'] ?? '';
const abilities = (process.env['ABILITIES'] ?? '').split(' ');
const sessions = new Map<string, { messages: GivenMessage[]; stop: AbortController; cwd: string }>();
const fileOf = (id: string): string => join(folder, `${id}.json`);

const reopen = (id: string, cwd: string): GivenMessage[] => {
  if (!existsSync(fileOf(id))) throw RequestError.resourceNotFound(id);
  const messages = JSON.parse(readFileSync(fileOf(id), 'utf8')) as GivenMessage[];
  sessions.set(id, { messages, stop: new AbortController(), cwd });
  return messages;
};

const app = agent({ name: 'scripted' })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: 1,
    agentCapabilities: {
      loadSession: abilities.includes('load'),
      promptCapabilities: {
        image: abilities.includes('image'),
        embeddedContext: abilities.includes('files'),
      },
      sessionCapabilities: { ...(abilities.includes('resume') && { resume: {} }) },
    },
  }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    if (abilities.includes('login')) throw RequestError.authRequired();
    const sessionId = crypto.randomUUID();
    sessions.set(sessionId, { messages: [], stop: new AbortController(), cwd: params.cwd });
    return { sessionId };
  })
  .onRequest(methods.agent.session.resume, ({ params }) => {
    reopen(params.sessionId, params.cwd);
    return {};
  })
  .onRequest(methods.agent.session.load, async ({ params: { sessionId, cwd }, client }) => {
    for (const { role, text } of reopen(sessionId, cwd)) {
      const sessionUpdate = role === 'user' ? 'user_message_chunk' : 'agent_message_chunk';
      await client.notify(methods.client.session.update, {
        sessionId,
        update: { sessionUpdate, content: { type: 'text', text } },
      });
    }
    return {};
  })
  .onNotification(methods.agent.session.cancel, ({ params }) => {
    if (!abilities.includes('deaf')) sessions.get(params.sessionId)?.stop.abort();
  })
  .onRequest(methods.agent.session.prompt, async ({ params: { sessionId, prompt }, client }) => {
    const session = sessions.get(sessionId);
    if (session === undefined) throw RequestError.resourceNotFound(sessionId);
    session.stop = new AbortController();
    const text = prompt.map(textOfBlock).join('\n');
    const response = text.startsWith('{"play":')
      ? await play((JSON.parse(text) as { play: readonly PlayStep[] }).play, sessionId, client)
      : distant === undefined
        ? await play([toSaying(text)], sessionId, client)
        : await converse(distant, text, sessionId, client);
    if (folder !== '') writeFileSync(fileOf(sessionId), JSON.stringify(session.messages));
    return response;
  });

app.connect(
  ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>),
);
process.stdin.on('close', () => process.exit());

function textOfBlock(block: ContentBlock): string {
  return block.type === 'text' ? block.text : JSON.stringify(block);
}

async function play(
  steps: readonly PlayStep[],
  sessionId: string,
  client: AgentContext,
): Promise<PromptResponse> {
  const session = sessions.get(sessionId);
  for (const step of steps) {
    if ('update' in step)
      await client.notify(methods.client.session.update, { sessionId, update: step.update });
    else if ('permission' in step) {
      const { permission, options = usualOptions } = step;
      const { outcome } = await client.request(methods.client.session.requestPermission, {
        sessionId,
        toolCall: permission,
        options: [...options],
      });
      await say(outcome.outcome === 'selected' ? `<${outcome.optionId}>` : '<cancelled>', sessionId, client);
    } else if ('request' in step) {
      const error: unknown = await client
        .request(step.request, { sessionId })
        .catch((reason: unknown) => reason);
      await say(`<${String(fieldsOf(error)['code'])}>`, sessionId, client);
    } else if ('print' in step) process.stdout.write(`${step.print}\n`);
    else if ('exit' in step) process.exit(step.exit);
    else if ('where' in step) await say(session?.cwd ?? '', sessionId, client);
    else if ('variable' in step) await say(process.env[step.variable] ?? '<none>', sessionId, client);
    else if ('stop' in step) return { stopReason: step.stop };
    else await aborted(session?.stop.signal);
    if (session?.stop.signal.aborted === true) return { stopReason: 'cancelled' };
  }
  return { stopReason: 'end_turn' };
}

async function say(text: string, sessionId: string, client: AgentContext): Promise<void> {
  const update = { sessionUpdate: 'agent_message_chunk' as const, content: { type: 'text' as const, text } };
  await client.notify(methods.client.session.update, { sessionId, update });
}

async function aborted(signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === false)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

function toSaying(text: string): PlayStep {
  return { update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } } };
}

async function converse(
  { loop, sync }: DistantLoop,
  text: string,
  sessionId: string,
  client: AgentContext,
): Promise<PromptResponse> {
  const session = sessions.get(sessionId);
  if (session === undefined) throw RequestError.resourceNotFound(sessionId);
  const { messages, stop } = session;
  const counts = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
  const tell = (update: SessionUpdate): void =>
    void client.notify(methods.client.session.update, { sessionId, update });
  const emit = (event: Exclude<AgentEvent, string>): void => {
    if (event.type === 'usage') {
      counts.inputTokens += event.usage.input_tokens ?? 0;
      counts.outputTokens += event.usage.output_tokens ?? 0;
      counts.totalTokens = counts.inputTokens + counts.outputTokens;
    }
    const update = toUpdate(event);
    if (update !== undefined) tell(update);
  };
  messages.push({ role: 'user', text });
  let resumed: LoopTurn['resumed'];
  try {
    for (;;) {
      const turn = { messages, resumed, signal: stop.signal, emit };
      const waiting = await loop.run({
        ...turn,
        mayRun: async (id) => {
          tell({ sessionUpdate: 'tool_call_update', toolCallId: id, status: 'in_progress' });
          return true;
        },
      });
      if (waiting.length === 0) break;
      resumed = await askFor(waiting, sessionId, client);
      for (const { id } of stop.signal.aborted ? waiting : [])
        messages.push({ role: 'tool', text: `cancelled: ${id}` });
      stop.signal.throwIfAborted();
    }
  } catch (error) {
    if (stop.signal.aborted) return { stopReason: 'cancelled' };
    const isBusy = fieldsOf(error)['status'] === 429;
    throw isBusy
      ? new RequestError(429, String(error))
      : RequestError.internalError({ words: String(error) });
  } finally {
    await sync();
  }
  return { stopReason: 'end_turn', usage: counts };
}

async function askFor(
  calls: readonly LoopCall[],
  sessionId: string,
  client: AgentContext,
): Promise<NonNullable<LoopTurn['resumed']>> {
  const decisions = await Promise.all(
    calls.map(async ({ id }) => {
      const { outcome } = await client.request(methods.client.session.requestPermission, {
        sessionId,
        toolCall: { toolCallId: id, title: reasons.get(id) ?? id },
        options: [...usualOptions],
      });
      return [id, outcome.outcome === 'selected' && outcome.optionId !== 'no'] as const;
    }),
  );
  return { calls, decide: (id) => new Map(decisions).get(id) };
}

function toUpdate(event: Exclude<AgentEvent, string>): SessionUpdate | undefined {
  switch (event.type) {
    case 'content':
      return { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: event.data } };
    case 'reasoning':
      return { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: event.data } };
    case 'tool_use':
      return {
        sessionUpdate: 'tool_call',
        toolCallId: event.call,
        title: `Run ${event.tool}`,
        name: event.tool,
        kind: 'other',
        status: 'pending',
        rawInput: event.input,
      };
    case 'tool_progress':
      return {
        sessionUpdate: 'tool_call_update',
        toolCallId: event.call,
        status: 'in_progress',
        content: toContent(event.data),
      };
    case 'tool_result':
      return {
        sessionUpdate: 'tool_call_update',
        toolCallId: event.call,
        status: event.status === 'ok' ? 'completed' : 'failed',
        content: toContent(event.output),
      };
    case 'approval_request':
      reasons.set(textOf(event.call), textOf(event.reason));
      return undefined;
    default:
      return undefined;
  }
}

function toContent(data: unknown): NonNullable<ToolCallUpdate['content']> {
  return [{ type: 'content', content: { type: 'text', text: textOf(data) } }];
}
