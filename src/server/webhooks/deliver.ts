import type { Head, OutboxPost, Store } from '../../log/index.ts';
import type { SessionState } from '../../protocol/index.ts';
import type { Transcripts } from '../../transcripts/index.ts';
import type { Deliver, HeldLease } from '../../turns/index.ts';
import { attend, hasNotice } from './attend.ts';
import type { AttendOptions } from './attend.ts';
import { readExchange } from './exchange-changes.ts';
import { toDueAt, toFirstDue, toRecords, withRecords } from './kept-webhooks.ts';
import type { WebhookRecord } from './kept-webhooks.ts';
import type { Slots } from './slots.ts';

export interface DeliverOptions extends AttendOptions {
  readonly slots: Slots;
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
 * Creates the work on outboxes. All webhooks of an outbox that are due are attended to at once, each one
 * notice at a time. So notices of one webhook arrive in order, and a slow receiver delays only itself. A wait
 * for the next try stands in the outbox, and no node waits.
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
        const owner = await findOwner(round, head.post);
        if (owner === undefined) return await store.log.drop(outbox);
        startDue(round, head.post, owner);
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

/**
 * Returns the owner of the session, if it is there and has this outbox. An outbox without a session is
 * deleted.
 */
async function findOwner(round: Round, { of }: OutboxPost): Promise<string | undefined> {
  const head = await readHead(round, of);
  return head?.outbox?.session === round.outbox ? head.owner : undefined;
}

/**
 * Attends to the webhooks that are due. One that fails stays in the list, so that the round fails with it.
 */
function startDue(round: Round, post: OutboxPost, owner: string): void {
  const now = Date.now();
  for (const record of toRecords(post)) {
    const dueAt = toDueAt(record, post);
    if (dueAt === undefined || dueAt > now || round.busy.has(record.key)) continue;
    const work = step(round, { post, owner, record }).then(() => void round.busy.delete(record.key));
    work.catch(() => {});
    round.busy.set(record.key, work);
  }
}

/** One webhook that is due, and the owner of its session. */
interface Due {
  readonly record: WebhookRecord;
  readonly post: OutboxPost;
  readonly owner: string;
}

/**
 * Attends to a webhook, in a slot if there is a notice to tell. Many may wait for a slot. Until then they
 * hold nothing of the conversation, and their client may still replace or delete them.
 */
async function step(round: Round, { record, post, owner }: Due): Promise<void> {
  const { hold, transcripts, slots } = round;
  const readState = (): Promise<SessionState | undefined> =>
    hold.insist(() => readExchange(transcripts, post.of, record.message));
  const mustTell = await readState().then(async (state) => {
    if (state === undefined || hasNotice(state, record)) return state !== undefined;
    await attendTo(round, { record, post }, state);
    return false;
  });
  if (!mustTell) return;
  const host = URL.parse(record.webhook.url)?.host ?? '';
  await slots.run({ host, owner }, async () => {
    const now = await readRecord(round, record.key);
    if (now === undefined) return;
    const state = await readState();
    if (state !== undefined) await attendTo(round, now, state);
  });
}

async function readRecord(round: Round, key: string): Promise<Omit<Due, 'owner'> | undefined> {
  const post = round.signal.aborted ? undefined : (await readHead(round, round.outbox))?.post;
  const record = post && toRecords(post).find((each) => each.key === key);
  return record && { record, post };
}

async function attendTo(
  round: Round,
  { record, post }: Omit<Due, 'owner'>,
  state: SessionState,
): Promise<void> {
  const { signal, write } = round;
  const changed = await attend(round, { record, post, state, signal });
  if (changed === undefined) return;
  await write((head) => {
    const records = head.post ? toRecords(head.post) : [];
    const now = records.find(({ key }) => key === record.key);
    // The client may have deleted the webhook meanwhile. One that replaces it is told itself.
    if (head.post === undefined || now === undefined || !isSameJson(now.webhook, record.webhook))
      return undefined;
    const next = records.map((each) => (each === now ? { ...each, ...changed } : each));
    return { events: [], head: withRecords(head, head.post, next) };
  });
}

function isSameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Gives the lease back. An outbox that seems due although it has nothing to tell gets its due time anew
 * first.
 */
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
