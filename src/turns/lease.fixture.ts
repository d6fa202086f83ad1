import { onTestFinished } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Fence, Store } from '../log/index.ts';
import type { Content } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import { create } from './decide.ts';
import { createHeldLease } from './held-lease.ts';
import type { HeldLease } from './held-lease.ts';
import { submit } from './submit.ts';

/** A session of ada whose lease is held by this node. */
export interface Claimed {
  readonly store: Store;
  readonly session: string;
  readonly fence: Fence;
  readonly hold: HeldLease;
  readonly leave: AbortController;
}

export interface ClaimOptions {
  readonly store?: Store;
  readonly kind?: 'session' | 'once';
  readonly metadata?: unknown;
  /** The message that waits for its turn. */
  readonly content?: Content;
  readonly ttlMs?: number;
}

/** Creates a session with one message that waits for its turn, and claims its lease. */
export async function claimSession({
  store = memoryStore(),
  kind = 'session',
  metadata,
  content = 'go',
  ttlMs = 10_000,
}: ClaimOptions = {}): Promise<Claimed> {
  const { log, leases } = store;
  const session = mint(22);
  const { events, head } = create({ session, owner: 'ada', kind, metadata, at: 1 });
  await log.append(session, events, { head: { was: 0, now: head } });
  await queueMessage(store, session, content);
  const fence = await leases.claim(session, 'node', ttlMs);
  if (fence === undefined) throw new Error('The lease is taken.');
  const leave = new AbortController();
  const hold = createHeldLease({ log, leases, fence, ttlMs, deciding: {}, leave: leave.signal });
  onTestFinished(() => hold.close());
  return { store, session, fence, hold, leave };
}

/** Sends a message as ada. It waits for its turn. */
export async function queueMessage({ log }: Store, session: string, content: Content): Promise<void> {
  const names = { message: mint(8), turn: mint(8) };
  await submit(
    log,
    session,
    { type: 'message', ...names, content, onBusy: 'queue', at: 1 },
    { owner: 'ada' },
  );
}
