import { createEventStream, createKey } from '../client/index.ts';
import type { RequestHeaders } from '../client/index.ts';
import { call, createTransport, toOwnTiming } from '../client/internal.ts';
import { isRecord } from '../protocol/internal.ts';
import { createChatFetch, toUrl } from './chat-fetch.ts';
import type { ChatMessage, ChatRequest, ChatTransport, ChatTransportOptions } from './chat-transport.ts';
import type { ChatSubmission } from './chat-transport.ts';
import { readChunks } from './read-chunks.ts';

/**
 * Creates a transport for `useChat({ transport })`. An answer goes on exactly after any cut of the connection,
 * so the SDK sees no error, and a message that was sent twice is answered once. A reload resumes the open
 * answer (`resume: true`). Throws a TypeError if `api` is not usable.
 */
export function createChatTransport(options: ChatTransportOptions = {}): ChatTransport {
  const { api = '/ai', onAbort = 'cancel', onConnection } = options;
  // The name of a chat follows it in the URLs that resume and stop.
  if (/[?#]|\/$/.test(api))
    throw new TypeError(`api: '${api}' must end with a path such as '/ai', without a slash or a query.`);
  const fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
  const timing = toOwnTiming(options);
  // Wrong options are reported here, and not by the first request.
  createTransport({ url: api, headers: options.headers, fetch, redirect: 'manual', timing });
  /** How often each chat was resumed. */
  const resumes = new Map<string, number>();
  const toResumes = (chat: string): number => resumes.get(chat) ?? 0;

  const stop = ({ chatId, headers: more }: ChatRequest, message: string): void => {
    const body = JSON.stringify({ message });
    // The credentials of a chat may be those of its request.
    const headers = toHeaders(options, more, undefined);
    const stops = createTransport({ url: api, headers, fetch, redirect: 'manual', timing });
    // The answer is over for this page, whatever the server says.
    call(stops, { method: 'POST', path: toUrl('', chatId, '/stop'), body }, toObject).catch(() => {});
  };
  const open = async <Chunk>(
    url: string,
    request: ChatRequest,
    post: { readonly body?: string; readonly key?: string; readonly message?: string },
  ): Promise<ReadableStream<Chunk> | undefined> => {
    const { chatId, abortSignal: signal, headers } = request;
    let { message } = post;
    const begun = toResumes(chatId);
    const watch = (): void => {
      // A resume that another one replaces is aborted, too: React mounts twice in its strict mode.
      setTimeout(() => {
        if (message !== undefined && toResumes(chatId) === begun) stop(request, message);
      });
    };
    if (onAbort === 'cancel') signal?.addEventListener('abort', watch, { once: true });
    const events = createEventStream(url, {
      ...options,
      timing,
      method: post.body === undefined ? 'GET' : 'POST',
      ...(post.body !== undefined && { body: post.body }),
      resume: true,
      headers: toHeaders(options, headers, post.key),
      fetch: createChatFetch(api, fetch),
      ...(signal && { signal }),
      ...(onConnection && { onConnection }),
    });
    const stream = await readChunks<Chunk>(events, (chunk) => {
      message ??= toMessageId(chunk);
      if (isEnd(chunk)) signal?.removeEventListener('abort', watch);
    });
    signal?.throwIfAborted();
    return stream;
  };

  return {
    resumeStreamIsReplay: true,
    async sendMessages<Chunk>(submission: ChatSubmission): Promise<ReadableStream<Chunk>> {
      const { chatId: id, messages, trigger, messageId, body } = submission;
      const sent = options.history ? messages : toNews(messages, messageId);
      const message = messages.at(-1)?.id;
      const stream = await open<Chunk>(api, submission, {
        body: JSON.stringify({ ...body, id, messages: sent, trigger, messageId }),
        key: createKey(),
        ...(message !== undefined && { message }),
      });
      if (stream === undefined) throw new TypeError('The server sent an empty answer.');
      return stream;
    },
    async reconnectToStream<Chunk>(request: ChatRequest): Promise<ReadableStream<Chunk> | null> {
      resumes.set(request.chatId, toResumes(request.chatId) + 1);
      const url = toUrl(api, request.chatId, '/stream?cursor=id');
      return (await open<Chunk>(url, request, {})) ?? null;
    },
  };
}

/** Returns what the server does not have: the newest message, and the one before it, which the user has seen. */
function toNews(messages: readonly ChatMessage[], messageId: string | undefined): readonly ChatMessage[] {
  const named = messages.findIndex(({ id, role }) => id === messageId && role === 'assistant');
  const seen = messages.findLastIndex(({ role }) => role === 'assistant');
  return messages.slice(Math.max(named === -1 ? seen : named, 0));
}

/** Returns the headers of each attempt. Those of one request come before those of the transport. */
function toHeaders(
  { headers: own, version }: ChatTransportOptions,
  headers: ChatRequest['headers'],
  key: string | undefined,
): RequestHeaders {
  const more = {
    ...(version !== undefined && { 'heddle-ai-sdk': String(version) }),
    ...(key !== undefined && { 'idempotency-key': key }),
    ...Object.fromEntries(new Headers(headers)),
  };
  if (typeof own !== 'function') return { ...own, ...more };
  return async () => ({ ...(await own()), ...more });
}

/** Returns the message that a stream is about, which its first chunk says. */
function toMessageId(chunk: unknown): string | undefined {
  const id = isRecord(chunk) && chunk['type'] === 'start' ? chunk['messageId'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

function isEnd(chunk: unknown): boolean {
  return isRecord(chunk) && chunk['type'] === 'finish';
}

function toObject(value: unknown): object {
  return isRecord(value) ? value : {};
}
