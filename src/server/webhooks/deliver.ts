import type { Head, OutboxPost, Store } from '../../log/index.ts';
import type { Transcripts } from '../../transcripts/index.ts';
import type { Deliver, HeldLease } from '../../turns/index.ts';
import { attend } from './attend.ts';
import type { AttendOptions } from './attend.ts';
import { readExchange } from './exchange-changes.ts';
import { toDueAt, toFirstDue, toRecords, withRecords } from './kept-webhooks.ts';
import type { WebhookRecord } from './kept-webhooks.ts';

export interface DeliverOptions extends AttendOptions {
  readonly store: Store;
  readonly transcripts: Transcripts;
}

/** The work on one outbox, while this node has its lease. */
interface Round extends DeliverOptions {
  readonly outbox: string;
  readonly hold: HeldLease;
  /** Aborted when the work must stop. */
  readonly signal: AbortSignal;
  /** The webhooks that are attended to, by their keys. */
  readonly busy: Map<string, Promise<void>>;
  /** Changes the head, one change after the other: a lease has one append at a time. */
  readonly write: HeldLease['change'];
}

/**
 * Creates the work on outboxes. All webhooks of an outbox that are due are attended to at once, each one notice at a
 * time. So notices of one webhook arrive in order, and a slow receiver delays only itself. A wait for the next try
 * stands in the outbox, and no node waits.
 */
export function createDeliver(options: DeliverOptions): Deliver {
  const { store } = options;
  return async (outbox, hold, stopping) => {
    const leaving = new AbortController();
    const signal = AbortSignal.any([stopping, hold.lost, leaving.signal]);
    const write = createLine(hold.change);
    const round: Round = { ...options, outbox, hold, signal, busy: new Map(), write };
    let wake = (): void => {};
    const unwatch = store.log.watch(outbox, () => wake());
    signal.addEventListener('abort', () => wake());
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => (wake = resolve));
        const head = await readHead(round, outbox);
        if (head?.post === undefined || signal.aborted) return;
        if (!(await isLinked(round, head.post))) return await store.log.drop(outbox);
        startDue(round, head.post);
        if (round.busy.size > 0) await Promise.race([...round.busy.values(), woken]);
        else if (await rest(round, head, head.post)) return;
      }
    } finally {
      unwatch();
      leaving.abort();
      await Promise.allSettled(round.busy.values());
    }
  };
}

async function readHead({ hold, store }: Round, session: string): Promise<Head | undefined> {
  const page = await hold.insist(() => store.log.read(session, undefined, 0));
  return page.type === 'page' ? page.head : undefined;
}

/** Returns whether the session is there and has this outbox. An outbox without a session is deleted. */
async function isLinked(round: Round, { of }: OutboxPost): Promise<boolean> {
  return (await readHead(round, of))?.outbox?.session === round.outbox;
}

/** Attends to the webhooks that are due. One that fails stays in the list, so that the round fails with it. */
function startDue(round: Round, post: OutboxPost): void {
  const now = Date.now();
  for (const record of toRecords(post)) {
    const dueAt = toDueAt(record, post);
    if (dueAt === undefined || dueAt > now || round.busy.has(record.key)) continue;
    const work = step(round, post, record).then(() => void round.busy.delete(record.key));
    work.catch(() => {});
    round.busy.set(record.key, work);
  }
}

async function step(round: Round, post: OutboxPost, record: WebhookRecord): Promise<void> {
  const { hold, transcripts, signal, write } = round;
  const state = await hold.insist(() => readExchange(transcripts, post.of, record.message));
  if (state === undefined) return;
  const changed = await attend(round, { record, post, state, signal });
  if (changed === undefined) return;
  await write((head) => {
    // The client may have deleted the webhook meanwhile.
    const records = head.post ? toRecords(head.post) : [];
    if (head.post === undefined || !records.some(({ key }) => key === record.key)) return undefined;
    const next = records.map((each) => (each.key === record.key ? { ...each, ...changed } : each));
    return { events: [], head: withRecords(head, head.post, next) };
  });
}

/** Gives the lease back. An outbox that seems due although it has nothing to tell gets its due time anew first. */
async function rest({ hold, write }: Round, head: Head, post: OutboxPost): Promise<boolean> {
  const dueAt = toFirstDue(toRecords(post), post);
  const isRight = dueAt === undefined ? (head.dueAt ?? 0) > Date.now() : head.dueAt === dueAt;
  if (isRight) return hold.release(head.version);
  await write((now) => now.post && { events: [], head: withRecords(now, now.post, toRecords(now.post)) });
  return false;
}

/** Returns a function that runs its calls one after the other. */
function createLine<Argument, Value>(
  run: (argument: Argument) => Promise<Value>,
): (argument: Argument) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (argument) => {
    const next = last.then(() => run(argument));
    last = next.catch(() => {});
    return next;
  };
}
