import { createClient } from '../client.ts';
import type { Client, ClientOptions } from '../client.ts';
import { deliver } from '../deliver.ts';
import type { Handlers } from '../deliver.ts';

/**
 * Asks one question at a time and passes the answer to callbacks, like the sample class of that name. A lost
 * connection is resumed without a callback. `onError` reports what stays wrong.
 */
export class SSEClient {
  readonly #client: Client;
  #current = new AbortController();

  constructor(baseUrl: string, options?: Omit<ClientOptions, 'url'>) {
    this.#client = createClient({ ...options, url: baseUrl });
  }

  /** Asks a question. It first closes an answer that is still being read; the turn of that answer goes on. */
  connect(prompt: string, handlers: Handlers): void {
    this.close();
    this.#current = new AbortController();
    const { signal } = this.#current;
    void deliver(this.#client.ask(prompt, { signal }), handlers, 'stream', signal);
  }

  /** Closes the answer: no handler is called after it. */
  close(): void {
    this.#current.abort();
  }
}
