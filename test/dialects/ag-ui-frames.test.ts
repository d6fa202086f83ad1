// The frames of a log in the clients of AG-UI, without a server.
import { createRequire } from 'node:module';
import { HttpAgent } from '@ag-ui/client';
import type { RunAgentInput } from '@ag-ui/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readConnect } from '../../src/dialects/ag-ui/connect.ts';
import { toAgUiHistory, toAgUiMessages } from '../../src/dialects/ag-ui/to-ag-ui-history.ts';
import {
  exchangeOf,
  framesOf,
  named,
  session,
  stateUntil,
} from '../../src/dialects/ag-ui/rich-log.fixture.ts';
import type { BareFrame, Exchange } from '../../src/dialects/index.ts';

// CopilotKit brings a client before AG-UI 1.
const require = createRequire(createRequire(import.meta.url).resolve('@copilotkit/core'));
const { HttpAgent: EarlierAgent } = require('@ag-ui/client') as { HttpAgent: typeof HttpAgent };

const warn = vi.spyOn(console, 'warn');
beforeEach(() => void warn.mockClear());
afterEach(() => expect(warn).not.toHaveBeenCalled());

/** Returns a fetch that answers with the frames of an exchange. */
function fetchOf(exchange: Exchange, first: readonly BareFrame[] = []): () => Promise<Response> {
  const frames = [...first.map(({ data }) => data), ...framesOf(exchange).flatMap((entry) => entry.frames)];
  const body = frames.map((data) => `data: ${data}\n\n`).join('');
  return () => Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
}

const kinds = [
  { client: 'HttpAgent 1.0', Agent: HttpAgent, variant: undefined },
  { client: 'HttpAgent 0.0.59', Agent: EarlierAgent, variant: '0' },
];

for (const { client, Agent, variant } of kinds) {
  const optional = variant === undefined ? {} : { variant };
  const hasSubagents = variant === undefined;

  test(`${client} takes every event without a warning, and has the messages that a connect gives`, async () => {
    const agent = new Agent({ url: 'http://localhost', threadId: 'room' });
    const ran: unknown[] = [];
    agent.subscribe({ onRunFinishedEvent: ({ outcome }) => void ran.push(outcome) });
    const run = async (turn: string, resume?: RunAgentInput['resume']): Promise<void> => {
      agent.fetch = fetchOf(exchangeOf(named(turn), optional));
      await agent.runAgent({ ...(resume && { resume }) });
    };
    agent.addMessage({ id: 'u-1', role: 'user', content: 'Find it out.' });
    await run('asks');
    const asked = stateUntil((event) => event.type === 'message_end');
    expect(agent.pendingInterrupts).toEqual(toAgUiHistory(asked, { hasSubagents }).interrupts);
    expect(agent.pendingInterrupts).toHaveLength(3);
    await run(
      'goesOn',
      ['a1', 'a2', 'a3'].map((interruptId) => ({ interruptId, status: 'resolved' })),
    );
    expect(agent.pendingInterrupts).toEqual([]);
    expect(agent.state).toEqual({ steps: ['searched'] });

    const state = stateUntil((event) => event.type === 'message_end' && event.outcome === 'completed');
    const waiting = state.messages.filter(({ role, turn }) => role === 'agent' || turn === named('asks'));
    const expected = toAgUiMessages(toAgUiHistory({ ...state, messages: waiting }, { hasSubagents }));
    // These clients keep what is withdrawn or replaced until they load the conversation again.
    const shown = agent.messages.filter(({ id }) => id !== `${named('asks')}:p1`);
    const replaced = shown.map((message) =>
      message.content === 'A secret.' ? { ...message, content: '[removed]' } : message,
    );
    expect(replaced).toEqual(expected);
  });

  test(`${client} sees how a run failed, was cancelled, or never began`, async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const seen: unknown[] = [];
    for (const turn of ['fails', 'stops', 'never']) {
      const agent = new Agent({
        url: 'http://localhost',
        threadId: 'room',
        fetch: fetchOf(exchangeOf(named(turn), optional)),
      });
      agent.subscribe({
        onRunFinishedEvent: ({ outcome }) => void seen.push(outcome),
        onRunErrorEvent: ({ event }) => void seen.push([event.code, event.message]),
      });
      await agent.runAgent();
    }
    error.mockRestore();
    const cancelled = variant === undefined ? 'cancelled' : 'success';
    expect(seen).toEqual([
      ['agent_failed', 'The agent failed while it made this answer.'],
      cancelled,
      cancelled,
    ]);
  });

  test(`${client} that connects during a run has the conversation, the state and the open run`, async () => {
    const intent = readConnect({
      params: {},
      query: new URLSearchParams(),
      body: { threadId: 'room', runId: 'connect-1', ...(hasSubagents && { protocolVersion: '1.0' }) },
      header: () => undefined,
    });
    const state = stateUntil(() => false);
    const exchange = exchangeOf(named('runs'), optional);
    const preface =
      intent.show.as === 'stream'
        ? intent.show.preface?.({ session, thread: 'room', state, exchange })
        : undefined;
    const agent = new Agent({ url: 'http://localhost', threadId: 'room' });
    agent.fetch = fetchOf(exchange, preface?.frames);
    await agent.runAgent();
    expect(agent.messages).toEqual(toAgUiMessages(toAgUiHistory(state, { hasSubagents })));
    expect(agent.messages.at(-1)).toMatchObject({ role: 'assistant', content: 'As long as ' });
    expect(agent.state).toEqual({ steps: ['searched'] });
  });
}
