import { setTimeout as delay } from 'node:timers/promises';
import { isRecord } from '../../protocol/internal.ts';
import { parse } from '../../wire/index.ts';
import { ExitError } from '../serve/exit-error.ts';
import { isResponseMessage } from './message.ts';
import type { RpcMessage } from './message.ts';

/** The ways to get an answer. */
export interface AnswerSource {
  /** The server, for sentences. */
  readonly name: string;
  /** Sends the message. */
  post(): Promise<Response>;
  /** Reads on after an event of the answer. */
  resume(after: string): Promise<Response>;
  readonly signal: AbortSignal;
  /** The time between two tries to read on, in milliseconds. */
  readonly waitMs: number;
}

/** The longest message of a server, in bytes. */
const maxEventBytes = 16 * 1024 * 1024;

/** How often in a row an answer is read on before it is given up. */
const tries = 10;

/**
 * Reads what a server sends for one message, up to its response. An answer that breaks off is read on where
 * that is possible. Throws an ExitError with a sentence if there is none.
 */
export async function* readAnswer(source: AnswerSource): AsyncGenerator<RpcMessage, void, undefined> {
  const { name, signal } = source;
  let response = await source.post().catch(() => {
    throw new ExitError(`There is no server on ${name}.`);
  });
  let last: string | undefined;
  const onId = (id: string): void => void (last = id);
  for (let tried = 0; ;) {
    if (!isStream(response)) return yield* readWhole(response, name);
    try {
      for await (const { data } of parse(response.body ?? new ReadableStream(), { onId, maxEventBytes })) {
        if (data === '') continue;
        tried = 0;
        const message = toMessage(data);
        if (message !== undefined) yield message;
        if (message !== undefined && isResponseMessage(message)) return;
      }
    } catch (error) {
      if (signal.aborted) throw error;
    }
    let next: Response | undefined;
    while (next === undefined) {
      if (last === undefined || (tried += 1) > tries)
        throw new ExitError(`The connection to ${name} broke before the answer was whole.`);
      await delay(source.waitMs, undefined, { signal });
      next = await source.resume(last).catch(() => undefined);
    }
    response = next;
  }
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true;
}

async function* readWhole(response: Response, name: string): AsyncGenerator<RpcMessage, void, undefined> {
  const text = await response.text();
  const message = toMessage(text);
  // A server that has no such route answers in other words.
  if (message?.['jsonrpc'] === '2.0') return yield message;
  if (response.ok) return;
  if (response.status === 401)
    throw new ExitError(`${name} requires auth; set HEDDLE_TOKEN to a key or a token.`);
  if (response.status === 404) throw new ExitError(`${name} does not serve MCP: its dialects have no mcp.`);
  throw new ExitError(`${name} answers ${response.status}.`);
}

function toMessage(text: string): RpcMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
