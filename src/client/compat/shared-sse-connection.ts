import { createClient } from '../client.ts';
import type { Client, ClientOptions } from '../client.ts';
import { deliver } from '../deliver.ts';
import type { Handlers } from '../deliver.ts';

/**
 * Follows sessions over one connection for all tabs of a user, and passes events to callbacks, like the
 * sample class of that name.
 */
export class SharedSSEConnection {
  readonly #client: Client;

  /**
   * `shared` may name the user that is logged in; otherwise the server names the user.
   * @default true
   */
  constructor(baseUrl: string, options?: Omit<ClientOptions, 'url'>) {
    this.#client = createClient({ shared: true, ...options, url: baseUrl });
  }

  /**
   * Follows a session from its beginning, and returns a function that stops this. `onEnd` is called at the
   * end of each turn.
   */
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
