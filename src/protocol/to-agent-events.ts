import { isRecord } from './decode.ts';
import { describe, has, isPromise } from './describe.ts';
import type { AgentEvent } from './events.ts';

/** A value that an agent's function may return for a turn, directly or as a promise. */
export type AgentOutput =
  | AgentEvent
  | Iterable<AgentEvent | PromiseLike<AgentEvent>>
  | AsyncIterable<AgentEvent>
  | StreamLike
  | ResponseLike;

/** The part of a ReadableStream that is used. It holds text, UTF-8 bytes of text, or events. */
export interface StreamLike {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: AgentEvent | Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}

/** The part of a Response that is used. Its body is text in UTF-8. */
export interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: StreamLike | null;
}

/**
 * Converts the return value of an agent's function to events. It looks at the methods of the value, never at
 * the name of its class. Throws a TypeError that describes the value if it cannot be converted. If a promise
 * resolves to such a value, the first `next()` rejects with that error. The events themselves are not
 * checked.
 */
export function toAgentEvents(said: unknown): AsyncIterable<AgentEvent> {
  if (isPromise(said)) return later(said);
  if (isResponse(said)) return toAgentEvents(toBody(said));
  if (isStream(said)) {
    return adapt(() => {
      const reader = said.getReader();
      return { next: () => reader.read(), return: () => reader.cancel() };
    });
  }
  // A Node stream is an async iterable too, but of bytes.
  if (isAsyncIterable(said)) return has(said, 'pipe') ? adapt(() => said[Symbol.asyncIterator]()) : said;
  if (typeof said === 'string' || isEvent(said)) return adapt(() => [said].values());
  if (Array.isArray(said)) said.filter(isPromise).forEach(mind);
  if (isIterable(said)) return adapt(() => said[Symbol.iterator]());
  if (isIterator(said)) return adapt(() => said);
  throw new TypeError(
    `The agent's function gave ${describe(said)}. It gives text, events, or an iterable, async iterable, stream or promise of these.${toHint(said)}`,
  );
}

function toHint(said: unknown): string {
  if (has(said, 'stream')) return ' For Strands, wrap the function in strands() of heddle/agents/strands.';
  if (typeof said === 'function') return ' What opens an agent for each session is given as { open }.';
  return '';
}

/** The source of events: an iterator of any kind, or a reader of a stream. */
interface EventSourceLike {
  next(): PromiseLike<Result> | Result;
  return?(): unknown;
}

interface Result {
  readonly done?: boolean | undefined;
  readonly value?: AgentEvent | PromiseLike<AgentEvent> | Uint8Array | undefined;
}

/** Returns the source as an async iterable. Bytes are decoded to text. */
function adapt(open: () => EventSourceLike): AsyncIterable<AgentEvent> {
  return {
    [Symbol.asyncIterator]: () => {
      const pulled = open();
      const decoder = new TextDecoder();
      return {
        next: async () => {
          const { done = false, value } = await pulled.next();
          const said = ArrayBuffer.isView(value) ? decoder.decode(value, { stream: true }) : await value;
          if (!done && said === undefined) throw new TypeError('The agent yielded nothing (undefined).');
          // The rest of a character that the end of the stream cut off.
          const last = done ? decoder.decode() : (said ?? '');
          return done && last === '' ? end : { done: false, value: last };
        },
        return: async () => {
          await pulled.return?.();
          return end;
        },
      };
    },
  };
}

const end = { done: true, value: undefined } as const;

function later(said: PromiseLike<unknown>): AsyncIterable<AgentEvent> {
  return {
    [Symbol.asyncIterator]: () => {
      let opened: Promise<AsyncIterator<AgentEvent>> | undefined;
      const open = async (): Promise<AsyncIterator<AgentEvent>> =>
        toAgentEvents(await said)[Symbol.asyncIterator]();
      return {
        next: async () => (await (opened ??= open())).next(),
        return: async () => {
          await (await opened)?.return?.();
          return end;
        },
      };
    },
  };
}

function toBody({ ok, status, headers, body }: ResponseLike): unknown {
  const type = headers.get('content-type') ?? '';
  if (!ok) throw new TypeError(`The agent's function gave a Response with status ${status}.`);
  if (type.startsWith('text/event-stream'))
    throw new TypeError(
      "The agent's function gave a Response of text/event-stream. It gives the text of its events.",
    );
  return body ?? '';
}

/** Handles a rejection, so that a promise that fails before anything awaits it does not end the process. */
function mind(promise: PromiseLike<unknown>): void {
  promise.then(undefined, () => {});
}

function isStream(value: unknown): value is StreamLike {
  return has(value, 'getReader');
}

function isResponse(value: unknown): value is ResponseLike {
  return (
    has(value, 'arrayBuffer') && has(Reflect.get(Object(value), 'headers'), 'get') && 'ok' in Object(value)
  );
}

function isAsyncIterable(value: unknown): value is AsyncIterable<AgentEvent> {
  return has(value, Symbol.asyncIterator);
}

function isIterable(value: unknown): value is Iterable<AgentEvent> {
  return has(value, Symbol.iterator) && !ArrayBuffer.isView(value);
}

function isIterator(value: unknown): value is Iterator<AgentEvent> {
  return has(value, 'next');
}

function isEvent(value: unknown): value is AgentEvent {
  return isRecord(value) && typeof value['type'] === 'string';
}
