import { createClient } from '../client.ts';
import type { Client, ClientOptions } from '../client.ts';
import { deliver } from '../deliver.ts';
import type { Handlers } from '../deliver.ts';
import type { SendReceipt, Session } from '../session.ts';

/**
 * Talks in a session and passes events to callbacks, like the sample class of that name. `onEnd` is called at
 * the end of each turn. A lost connection is resumed without a callback.
 */
export class BidirectionalSSEClient {
  readonly #client: Client;
  #session: Session | undefined;
  #current = new AbortController();

  constructor(baseUrl: string, options?: Omit<ClientOptions, 'url'>) {
    this.#client = createClient({ ...options, url: baseUrl });
  }

  /** Creates the session to talk in, and returns its id. */
  async createSession(): Promise<string> {
    this.#session = await this.#client.create();
    return this.#session.id;
  }

  /** Follows the session from its beginning. */
  connect(handlers: Handlers): void {
    const session = this.#mustHaveSession();
    this.close();
    this.#current = new AbortController();
    const { signal } = this.#current;
    void deliver(session.events({ signal }), handlers, 'message_end', signal);
  }

  /** Sends a message. The handlers receive its answer. */
  async send(content: string): Promise<SendReceipt> {
    return this.#mustHaveSession().send(content);
  }

  /** Stops following: no handler is called after it. The session stays. */
  close(): void {
    this.#current.abort();
  }

  #mustHaveSession(): Session {
    if (!this.#session) throw new Error('BidirectionalSSEClient needs `await createSession()` first.');
    return this.#session;
  }
}
