import type { AppendReceipt, AppendRefusal, EventLog, Fence, Head, Leases, NextHead } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { Entry, EntryId, SessionEvent } from '../protocol/index.ts';
import type { HolderCommand } from './command.ts';
import { decide } from './decide.ts';
import type { DecideOptions } from './decide.ts';
import { createWritten } from './written.ts';

/** A lease that this node holds. It appends under its fence, and is renewed until it is closed or lost. */
export interface HeldLease {
  /** Aborted when the lease is lost. Nothing may be written after that. */
  readonly lost: AbortSignal;
  /**
   * Appends under the fence. Resolves with the entries. Rejects with a LeaseLostError if the lease is lost.
   */
  append(events: readonly SessionEvent[]): Promise<readonly Entry[]>;
  /**
   * Decides a command of the holder and appends the result, with `before` ahead of its events. Resolves with
   * whether there was anything to do.
   */
  command(command: HolderCommand, before?: readonly SessionEvent[]): Promise<boolean>;
  /**
   * Replaces the head by what `change` returns for it, with events. It is called again if another append
   * comes between. Resolves with whether there was anything to do.
   */
  change(change: (head: Head) => HeadChange | undefined): Promise<boolean>;
  /**
   * Returns the entries that were written since the last call; the first of them, if they are many. Returns
   * none if `after` is not the last entry that was written before.
   */
  takeWritten(after: EntryId | undefined): readonly Entry[];
  /**
   * Runs an attempt that uses the store. Retries it while the store is out of reach or full and the lease may
   * still be ours. Rejects with a LeaseLostError once the lease is lost.
   */
  insist<T>(attempt: () => Promise<T>): Promise<T>;
  /** Gives the lease back if the head still has the version `ifHead`. Resolves with whether it did. */
  release(ifHead: number): Promise<boolean>;
  /**
   * Stops the renewal and gives the lease back, even if work waits. If the store is out of reach, the lease
   * expires instead.
   */
  close(): Promise<void>;
}

/**
 * Thrown when another node has the lease, the session is gone, or renewals failed for as long as a lease
 * lives.
 */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** The events and the head that a holder appends, decided with a head. */
export interface HeadChange {
  readonly events: readonly SessionEvent[];
  readonly head: NextHead;
}

export interface HeldLeaseOptions {
  readonly log: EventLog;
  readonly leases: Leases;
  readonly fence: Fence;
  readonly ttlMs: number;
  readonly deciding: DecideOptions;
  /** Aborted when this node must not wait any longer. Failed attempts are not retried after that. */
  readonly leave: AbortSignal;
}

/** Keeps a claimed lease alive, and writes under it. */
export function createHeldLease({ log, leases, fence, ttlMs, deciding, leave }: HeldLeaseOptions): HeldLease {
  const { session } = fence;
  const lost = new AbortController();
  let accepted = 0;
  const written = createWritten();
  // If renewals fail until then, the lease counts as lost, because another node may have it.
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

  const write = (
    events: readonly SessionEvent[],
    head?: { readonly was: number; readonly now: NextHead },
  ): Promise<AppendReceipt | AppendRefusal> => {
    // If the outcome of an attempt is unknown, the retry carries the same number. The log then answers as it
    // did the first time.
    const options = { fence: { ...fence, n: accepted + 1 }, ...(head && { head }) };
    return insist(() => log.append(session, events, options));
  };
  /** Returns the entries that were written. A refusal means that another node has the lease. */
  const accept = (result: AppendReceipt | AppendRefusal): readonly Entry[] => {
    if (result.type === 'appended') {
      accepted += 1;
      written.add(result.entries);
      return result.entries;
    }
    lost.abort();
    throw new LeaseLostError();
  };

  const change: HeldLease['change'] = async (decideNext) => {
    for (;;) {
      const page = await insist(() => log.read(session, undefined, 0));
      if (page.type !== 'page') throw new LeaseLostError();
      const next = decideNext(page.head);
      if (next === undefined) return false;
      const result = await write(next.events, { was: page.head.version, now: next.head });
      if (result.type === 'refused' && result.reason === 'conflict') continue;
      accept(result);
      return true;
    }
  };

  return {
    lost: lost.signal,
    append: (events) => write(events).then(accept),
    command: (command, before = []) =>
      change((head) => {
        const decision = decide(head, command, deciding);
        if (decision.type !== 'append') return undefined;
        return { events: [...before, ...decision.events], head: decision.head };
      }),
    change,
    takeWritten: written.take,
    insist,
    release: async (ifHead) => {
      if (await insist(() => leases.release({ ...fence, n: accepted }, ifHead))) return true;
      // The release is refused if the head has moved on, and also if another node has the lease. The renewal
      // tells which: a holder that does not know would ask for ever.
      if (!(await insist(() => leases.renew({ ...fence, n: accepted }, ttlMs)))) lost.abort();
      return false;
    },
    close: async () => {
      clearInterval(renewal);
      // If the store is out of reach, the lease expires by itself.
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
