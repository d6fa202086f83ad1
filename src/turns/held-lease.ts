import type { EventLog, Fence, Head, Leases, NextHead } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { SessionEvent } from '../protocol/index.ts';
import type { OwnerCommand } from './command.ts';
import { decide } from './decide.ts';
import type { DecideOptions } from './decide.ts';

/** A lease that is held: appends under its fence, kept alive until it is closed or lost. */
export interface HeldLease {
  /** Aborted when the lease was lost: nothing may be written any more. */
  readonly lost: AbortSignal;
  append(events: readonly SessionEvent[]): Promise<void>;
  /** Decides a command of the owner's and appends it, with `before` ahead of its events; resolves with whether there was anything to do. */
  command(command: OwnerCommand, before?: readonly SessionEvent[]): Promise<boolean>;
  /** Does something with the store, again while it is out of reach or full and the lease may still be ours. */
  insist<T>(attempt: () => Promise<T>): Promise<T>;
  /** Gives the lease back where the head is still `ifHead`; resolves with whether it did. */
  release(ifHead: number): Promise<boolean>;
  /** Gives the lease back whatever waits, as far as the store can be reached, and keeps it alive no longer. */
  close(): Promise<void>;
}

/** Thrown where the lease went to another node, or the session is gone. */
export class LeaseLostError extends Error {
  override readonly name = 'LostError';
}

export interface HeldLeaseOptions {
  readonly log: EventLog;
  readonly leases: Leases;
  readonly fence: Fence;
  readonly ttlMs: number;
  readonly deciding: DecideOptions;
  /** Aborted when this node waits for nothing any more. */
  readonly leave: AbortSignal;
}

/** Keeps a claimed lease alive and writes under it. */
export function createHeldLease({ log, leases, fence, ttlMs, deciding, leave }: HeldLeaseOptions): HeldLease {
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

  const insist = async <T>(attempt: () => Promise<T>): Promise<T> => {
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
      if (lost.signal.aborted) throw new LeaseLostError();
      try {
        return await attempt();
      } catch (error) {
        const mayPass =
          error instanceof RefusalError && (error.code === 'unavailable' || error.code === 'storage_full');
        if (!mayPass || leave.aborted) throw error;
        await pause(pauseMs, [lost.signal, leave]);
      }
    }
  };

  /** Resolves with whether it was written; not where the head has moved on. */
  const write = async (
    events: readonly SessionEvent[],
    head?: { was: Head; now: NextHead },
  ): Promise<boolean> => {
    const result = await insist(() =>
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
    throw new LeaseLostError();
  };

  return {
    lost: lost.signal,
    append: async (events) => {
      await write(events);
    },
    command: async (command, before = []) => {
      for (;;) {
        const page = await insist(() => log.read(session, undefined, 0));
        if (page.type !== 'page') throw new LeaseLostError();
        const decision = decide(page.head, command, deciding);
        if (decision.type !== 'append') return false;
        if (await write([...before, ...decision.events], { was: page.head, now: decision.head })) return true;
      }
    },
    insist,
    release: async (ifHead) => {
      if (await insist(() => leases.release({ ...fence, n: accepted }, ifHead))) return true;
      // It is refused for either reason: the head has moved on, or the lease is another's. Who asks again without knowing would ask for ever.
      if (!(await insist(() => leases.renew({ ...fence, n: accepted }, ttlMs)))) lost.abort();
      return false;
    },
    close: async () => {
      clearInterval(renewal);
      // Out of reach: it runs out by itself.
      await leases.release({ ...fence, n: accepted }).catch(() => false);
    },
  };
}

function pause(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    for (const signal of signals) signal.addEventListener('abort', done);
  });
}
