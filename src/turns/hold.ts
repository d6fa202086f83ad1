import type { EventLog, Fence, Head, Leases } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { SessionEvent } from '../protocol/index.ts';
import type { Owned } from './command.ts';
import { decide } from './decide.ts';
import type { DecideOptions } from './decide.ts';

/** A lease that is held: appends under its fence, kept alive until it is given back or lost. */
export interface Hold {
  /** Aborted when the lease was lost: nothing may be written any more. */
  readonly lost: AbortSignal;
  append(events: readonly SessionEvent[]): Promise<void>;
  /** Decides a command of the owner's and appends it, with `before` ahead of its events; resolves with whether there was anything to do. */
  command(command: Owned, before?: readonly SessionEvent[]): Promise<boolean>;
  /** Gives the lease back; resolves with false where work came meanwhile. Without `ifHead` it is given back in any case. */
  release(ifHead?: number): Promise<boolean>;
}

/** Thrown where an append was refused because another node owns the session now, or the session is gone. */
export class LostError extends Error {
  override readonly name = 'LostError';
}

export interface HoldOptions {
  readonly log: EventLog;
  readonly leases: Leases;
  readonly fence: Fence;
  readonly ttlMs: number;
  readonly deciding: DecideOptions;
}

/** Keeps a claimed lease alive and writes under it. */
export function createHold({ log, leases, fence, ttlMs, deciding }: HoldOptions): Hold {
  const { session } = fence;
  const lost = new AbortController();
  let accepted = 0;
  // A lease that cannot be renewed in its time is no longer ours, whatever the store says later.
  let aliveUntil = performance.now() + ttlMs;

  const renewal = setInterval(() => {
    const asked = performance.now();
    leases.renew({ ...fence, n: accepted }, ttlMs).then(
      (held) => (held ? (aliveUntil = asked + ttlMs) : lost.abort()),
      () => performance.now() > aliveUntil && lost.abort(),
    );
  }, ttlMs / 3);
  lost.signal.addEventListener('abort', () => clearInterval(renewal));

  const write = async (
    events: readonly SessionEvent[],
    head?: { was: Head; now: Omit<Head, 'version'> },
  ): Promise<boolean> => {
    for (;;) {
      if (lost.signal.aborted) throw new LostError();
      const result = await repeat(() =>
        log.append(session, events, {
          // The same number again after an unknown outcome: the log then answers as the first time.
          fence: { ...fence, n: accepted + 1 },
          ...(head && { head: { was: head.was.version, now: head.now } }),
        }),
      );
      if (result.type === 'appended') {
        accepted += 1;
        return true;
      }
      if (result.reason === 'conflict') return false;
      lost.abort();
      throw new LostError();
    }
  };

  /** Tries again while the store is out of reach and the lease may still be ours. */
  const repeat = async <T>(attempt: () => Promise<T>): Promise<T> => {
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
      try {
        return await attempt();
      } catch (error) {
        const passing =
          error instanceof RefusalError && (error.code === 'unavailable' || error.code === 'storage_full');
        if (!passing || lost.signal.aborted) throw error;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  };

  return {
    lost: lost.signal,
    append: async (events) => {
      await write(events);
    },
    command: async (command, before = []) => {
      for (;;) {
        const page = await repeat(() => log.read(session, undefined, 0));
        if (page.type !== 'page') throw new LostError();
        const decision = decide(page.head, command, deciding);
        if (decision.type !== 'append') return false;
        if (await write([...before, ...decision.events], { was: page.head, now: decision.head })) return true;
      }
    },
    release: async (ifHead) => {
      const released = await leases.release({ ...fence, n: accepted }, ifHead);
      if (released) lost.abort();
      return released;
    },
  };
}
