import { isAgentError } from '../../protocol/index.ts';
import type { AgentEvent, OpenSession, Turn } from '../../protocol/index.ts';
import { createFailure, createLineTurn } from '../kit/index.ts';
import type { LineTurn } from '../kit/index.ts';
import { hearResponses } from './hear-responses.ts';
import type { SendTurn } from './hear-responses.ts';
import type { Asked, RemoteFormat, RemoteRequest, UpstreamFacts } from './remote-format.ts';
import { waitFor } from './transport/wait-for.ts';

/** An upstream as its options describe it. */
export interface Upstream {
  readonly format: RemoteFormat;
  readonly facts: UpstreamFacts;
  /** Whether a turn that broke may be tried again. */
  readonly idempotent: boolean;
  /** The wait before a broken turn is tried again, in milliseconds. It doubles. */
  readonly retryMs: number;
  readonly send: SendTurn;
}

/** Answers one turn by an upstream. Throws a failure with a code if the upstream fails. */
export async function* answerTurn(
  upstream: Upstream,
  session: OpenSession,
  turn: Turn,
): AsyncGenerator<AgentEvent, void, undefined> {
  const { signal } = turn;
  const lineTurn = createLineTurn(session, turn);
  const asked: Asked = { start: lineTurn.start, upstream: upstream.facts };
  yield* lineTurn.resumed;
  let hasEffects = lineTurn.resumed.length > 0;
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const event of hearTurn(upstream, asked, lineTurn, signal)) {
        hasEffects ||= isEffect(event);
        yield event;
      }
      return;
    } catch (error) {
      // A request that was aborted ends with one of many errors. None of them matters.
      if (signal.aborted) return;
      if (!upstream.idempotent || attempt === 3 || hasEffects || !isBroken(error)) throw error;
      yield { type: 'discard', all: true };
      await waitFor(upstream.retryMs * 2 ** (attempt - 1), signal).catch(() => {});
    }
  }
}

/** Whether an event cannot be withdrawn when the turn is tried again. */
function isEffect(event: AgentEvent): boolean {
  return typeof event !== 'string' && (event.type.startsWith('tool_') || event.type === 'approval_request');
}

function isBroken(error: unknown): boolean {
  return isAgentError(error) && /^upstream_(broken|failed|unreachable)$/.test(error.code);
}

/** Sends the request of a turn, and yields the events of the answer. Throws the failure that it ended with. */
async function* hearTurn(
  { format, send }: Upstream,
  asked: Asked,
  lineTurn: LineTurn,
  stopped: AbortSignal,
): AsyncGenerator<AgentEvent, void, undefined> {
  const left = new AbortController();
  const signal = AbortSignal.any([stopped, left.signal]);
  let memory: unknown;
  let ending: 'end' | 'failed' | undefined;
  const answer = hearResponses(format, send, asked, signal);
  try {
    for (let next = await answer.next(); next.done !== true; next = await answer.next()) {
      for (const heard of next.value) {
        if (typeof heard === 'string') yield heard;
        else if (heard.type === 'save') lineTurn.keep((memory = heard.snapshot));
        else if (heard.type === 'end' || heard.type === 'failed') {
          ending = heard.type;
          if (heard.type === 'failed') throw heard.error;
          lineTurn.save();
          return;
        } else if (heard.type !== 'unknown_method') yield lineTurn.toEvent(heard);
      }
    }
    throw createFailure('upstream_broken', new Error('The body ended before the answer was complete.'));
  } finally {
    if (ending === 'end') void letEnd(answer, left);
    else {
      left.abort();
      void answer.return().catch(() => {});
      if (ending === undefined) stopUpstream(send, asked, format.toCancel?.(asked, memory));
    }
  }
}

/** How long an upstream may go on after the end of its answer, in milliseconds. */
const lingerMs = 2_000;

/**
 * Lets an upstream finish its work after the end of its answer, such as to save it. A connection that is closed
 * at once would cancel this work. Nothing is heard any more.
 */
async function letEnd(
  answer: AsyncGenerator<unknown, void, undefined>,
  left: AbortController,
): Promise<void> {
  const timer = setTimeout(() => left.abort(), lingerMs);
  try {
    for (let next = await answer.next(); next.done !== true; next = await answer.next());
  } catch {
    // The answer is complete.
  }
  clearTimeout(timer);
  left.abort();
}

/** How long the request that stops an upstream may take, in milliseconds. */
const stopMs = 3_000;

/** Tells an upstream to stop, without waiting for it. */
function stopUpstream(send: SendTurn, asked: Asked, request: RemoteRequest | undefined): void {
  if (request === undefined) return;
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), stopMs);
  void send(request, asked, over.signal)
    .catch(() => {})
    .finally(() => {
      clearTimeout(timer);
      over.abort();
    });
}
