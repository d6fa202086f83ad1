import { AgentError } from '../protocol/index.ts';
import type { SpokenEvent } from '../protocol/index.ts';
import type { CheckedEvent } from './agent-event.ts';

/** The limits of one turn. A turn that passes a limit ends `failed`, and keeps what it said so far. */
export interface TurnLimits {
  /** The longest time of the turn, in milliseconds (code `timeout`). @default 900_000 */
  readonly turnMs?: number;
  /**
   * How long the agent may be silent while no tool runs, in milliseconds (code `silent`).
   * @default 300_000
   */
  readonly silenceMs?: number;
  /** Events that the agent may yield (code `too_many_events`). @default 200_000 */
  readonly events?: number;
  /**
   * UTF-16 units of text, reasoning and tool inputs that the agent may yield (code `too_long`).
   * @default 10_000_000
   */
  readonly characters?: number;
  /**
   * Output tokens that the model may use, as far as the agent reports them (code `too_many_tokens`).
   * @default unlimited
   */
  readonly outputTokens?: number;
}

/** Watches the limits of one turn. */
export interface LimitWatch {
  /** Aborted with an AgentError when a limit is passed. */
  readonly signal: AbortSignal;
  /** Counts an event of the agent. */
  see(event: CheckedEvent): void;
  /** Notes which tools run. While a tool runs, the agent may be silent. */
  note(spoken: readonly SpokenEvent[]): void;
  stop(): void;
}

/** Starts to watch a turn that begins now. */
export function watchLimits(limits: TurnLimits): LimitWatch {
  const {
    turnMs = 900_000,
    silenceMs = 300_000,
    events = 200_000,
    characters = 10_000_000,
    outputTokens = Infinity,
  } = limits;
  const passed = new AbortController();
  const fail = (code: string, message: string): void => passed.abort(new AgentError(code, message));
  const end = setTimeout(fail, turnMs, 'timeout', 'The answer took too long and was stopped.');
  let silence: ReturnType<typeof setTimeout> | undefined;
  let lastHeard = performance.now();
  let said = 0;
  let length = 0;
  let tokens = 0;
  const calls = new Set<string>();

  // One timer checks when the agent last yielded an event. The alternative is a new timer for each word.
  const listen = (afterMs: number): void => {
    silence = setTimeout(() => {
      const quiet = performance.now() - lastHeard;
      if (calls.size > 0 || quiet < silenceMs) listen(calls.size > 0 ? silenceMs : silenceMs - quiet);
      else fail('silent', 'The model said nothing for too long and was stopped.');
    }, afterMs);
  };
  listen(silenceMs);

  return {
    signal: passed.signal,
    see: (event) => {
      lastHeard = performance.now();
      said += 1;
      if (said > events) fail('too_many_events', 'The answer came in too many pieces and was stopped.');
      if ('data' in event && typeof event.data === 'string') length += event.data.length;
      if (length > characters) fail('too_long', 'The answer became too long and was stopped.');
      if (event.type === 'usage') tokens += event.usage.output_tokens ?? 0;
      if (tokens > outputTokens) fail('too_many_tokens', 'The answer used up its tokens and was stopped.');
    },
    note: (spoken) => {
      for (const event of spoken) {
        if (event.type === 'tool_use') calls.add(event.call);
        if (event.type === 'tool_result') calls.delete(event.call);
      }
    },
    stop: () => {
      clearTimeout(end);
      clearTimeout(silence);
    },
  };
}
