import { setTimeout as delay } from 'node:timers/promises';
import { memoryStore } from '../../../src/log/index.ts';
import { listen } from '../../../src/node/index.ts';
import { defineAgent, toText } from '../../../src/protocol/index.ts';
import { createServer } from '../../../src/server/index.ts';
import { createFaultProxy } from '../../../src/testing/index.ts';
import { startNetworkProxy } from '../network-proxy.ts';
import type { NetworkProxy } from '../network-proxy.ts';
import type { NetworkRow } from './network-rows.ts';

/** A server whose agent says `saidWords` words, one by one, and the networks in front of it. */
export interface NetworkWorld {
  /** When the agent has said its last word to each prompt, on the clock of `performance.now()`. */
  readonly endedAt: ReadonlyMap<string, number>;
  /** How many turns each prompt has begun. */
  readonly turns: ReadonlyMap<string, number>;
  /** Puts a network in front of the server. Returns its URL for clients, and its HTTP proxy. */
  putBefore(row: NetworkRow): Promise<{ readonly url: string; readonly proxy: NetworkProxy }>;
  close(): Promise<void>;
}

export const saidWords = 60;

/** Starts a server. `scale` shortens the pauses between words and the keepalives. */
export async function startNetworkWorld(scale = 1): Promise<NetworkWorld> {
  const endedAt = new Map<string, number>();
  const turns = new Map<string, number>();
  const closers: (() => unknown)[] = [];
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        const prompt = toText(input.content);
        turns.set(prompt, (turns.get(prompt) ?? 0) + 1);
        const pauseMs = Number(/pause=(\d+)/.exec(prompt)?.[1] ?? 0);
        for (let word = 1; word <= saidWords; word += 1) {
          await delay(word === saidWords / 2 ? pauseMs : 100 * scale);
          yield `w${word} `;
        }
        endedAt.set(prompt, performance.now());
      },
  });
  const server = createServer({ store: memoryStore(), agent, keepaliveMs: 15_000 * scale });
  const listening = await listen(server, { port: 0 });
  return {
    endedAt,
    turns,
    async putBefore({ faults, tcp }) {
      const proxy = await startNetworkProxy(listening.url, faults);
      closers.push(() => proxy.close());
      if (tcp === undefined) return { url: proxy.url, proxy };
      const plan = (): typeof tcp => tcp;
      const front = await createFaultProxy({ port: Number(new URL(proxy.url).port), plan, seed: 1 });
      closers.push(() => front.close());
      return { url: front.url, proxy };
    },
    async close() {
      for (const close of closers) await close();
      await listening.close(0);
    },
  };
}
