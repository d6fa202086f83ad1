import { afterEach, expect, vi } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import type { Client, ClientOptions, EventsOptions, PageChange, EventAtId } from '../../src/client/index.ts';

/** Tabs of one browser, as far as their scripts can see: they share locks and channels. */
export interface TestTabs {
  /** Opens a tab. It shares as `anna` by default. */
  open(url: string, options?: ClientOptions): Tab;
  /** Registers something to do after the test, while its server still runs. */
  afterwards(leave: () => void): void;
}

export interface Tab {
  readonly client: Client;
  /** Follows a session, and keeps the events it receives. */
  follow(session: string, options?: EventsOptions): Followed;
  /** Reports a change of the page's state to the client. */
  change(change: PageChange): void;
}

export interface Followed {
  readonly received: EventAtId[];
  readonly connections: string[];
  error?: unknown;
  isOver: boolean;
  stop(): void;
}

/** Creates tabs that close after each test. */
export function useTabs(): TestTabs {
  const leaving: (() => void)[] = [];
  afterEach(() => {
    for (const leave of leaving.splice(0)) leave();
  });
  return {
    afterwards: (leave) => void leaving.push(leave),
    open(url, options = {}) {
      const listeners = new Set<(change: PageChange) => void>();
      const client = createClient({
        url,
        shared: 'anna',
        ...options,
        timing: {
          watchPage: (listener) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
          ...options.timing,
        },
      });
      return {
        client,
        change: (change) => {
          for (const listener of listeners) listener(change);
        },
        follow(session, more) {
          const controller = new AbortController();
          leaving.push(() => controller.abort());
          const followed: Followed = {
            received: [],
            connections: [],
            isOver: false,
            stop: () => controller.abort(),
          };
          const { signal } = controller;
          const onConnection = (connection: string): void => void followed.connections.push(connection);
          const read = async (): Promise<void> => {
            try {
              const events = client.session(session).events({ signal, onConnection, ...more });
              for await (const received of events) followed.received.push(received);
            } catch (error) {
              followed.error = error;
            }
            followed.isOver = true;
          };
          void read();
          return followed;
        },
      };
    },
  };
}

export const isDone = ({ received }: Followed): boolean => received.at(-1)?.event.type === 'message_end';

export const isLive = ({ connections }: Followed): boolean => connections.at(-1) === 'live';

/** Returns how many turns ended in the received events. */
export const countEnds = ({ received }: Followed): number =>
  received.filter(({ event }) => event.type === 'message_end').length;

export async function until(holds: () => boolean, timeout = 10_000): Promise<void> {
  await vi.waitFor(() => expect(holds()).toBe(true), { timeout, interval: 5 });
}
