import { createClient } from '../client.ts';
import type { Client, ClientOptions } from '../client.ts';
import { deliver } from '../deliver.ts';
import type { Handlers } from '../deliver.ts';

/**
 * Follows sessions over one connection for all tabs of a person, and hands what comes to callbacks: for those who know the sample class
 * of that name.
 */
export class SharedSSEConnection {
  readonly #client: Client;

  /** `shared` may name who is logged in; otherwise the server is asked. @default true */
  constructor(baseUrl: string, options?: Omit<ClientOptions, 'url'>) {
    this.#client = createClient({ shared: true, ...options, url: baseUrl });
  }

  /** Follows a session from its beginning, until what it answers is called. `onEnd` is called at the end of each turn. */
  subscribe(session: string, handlers: Handlers): () => void {
    const controller = new AbortController();
    const { signal } = controller;
    void deliver(this.#client.session(session).events({ signal }), handlers, 'message_end', signal);
    return () => controller.abort();
  }

  /** Ends all subscriptions, in all tabs. */
  close(): void {
    this.#client.logout();
  }
}
