import type { Exchange, KeptWebhook, Webhook } from '../../dialects/index.ts';
import type { Head, Store } from '../../log/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import { mint } from '../../protocol/internal.ts';
import type { Transcripts } from '../../transcripts/index.ts';
import type { Engine } from '../../turns/index.ts';
import { checkWebhook } from './check-webhook.ts';
import { readExchange, toChanges } from './exchange-changes.ts';
import { toRecords, withRecords } from './kept-webhooks.ts';
import type { WebhookRecord } from './kept-webhooks.ts';
import type { CheckUrl } from './webhook-urls.ts';

/** The webhooks of sessions, kept in their outboxes. */
export interface Outboxes {
  /**
   * Refuses a webhook that could not be kept. Throws `malformed`, or `too_many` or `too_large` if the session
   * has no room.
   */
  check(webhook: Webhook, head: Head | undefined): Promise<void>;
  /** Registers a webhook. The same id of the same exchange replaces the one before. */
  put(place: OutboxPlace, webhook: Webhook, since: 'start' | 'now'): Promise<readonly KeptWebhook[]>;
  list(place: OutboxPlace): Promise<readonly KeptWebhook[]>;
  drop(place: OutboxPlace, id: string): Promise<readonly KeptWebhook[]>;
}

/** The exchange of a webhook, in the words of its client. */
export interface OutboxPlace {
  readonly exchange: Exchange;
  readonly thread?: string | undefined;
  readonly owner: string;
  readonly dialect: string;
}

export interface OutboxesOptions {
  readonly store: Store;
  readonly engine: Pick<Engine, 'kick' | 'submit'>;
  readonly transcripts: Transcripts;
  readonly checkUrl: CheckUrl;
}

const maxPerExchange = 8;
const maxPerSession = 64;
/** The longest text of one outbox, in UTF-16 units. Each change of a webhook writes all of it. */
const maxText = 128 * 1024;
/** The most that one webhook takes beside its own text, in UTF-16 units: its names and its progress. */
const maxProgress = 2048;
/** How long an outbox without a link may live, in milliseconds: longer than its session takes to link it. */
const unlinkedMs = 60_000;

/** Creates the access to the outboxes of a store. */
export function createOutboxes({ store, engine, transcripts, checkUrl }: OutboxesOptions): Outboxes {
  const { log } = store;

  const readHead = async (session: string): Promise<Head | undefined> => {
    const page = await log.read(session, undefined, 0);
    return page.type === 'page' ? page.head : undefined;
  };

  /** Finds the outbox of a session, or makes one. It is empty when the session is linked to it. */
  const open = async (session: string, owner: string): Promise<string> => {
    const linked = (await readHead(session))?.outbox?.session;
    // A node may have died when it had deleted the outbox, and not yet the session.
    if (linked !== undefined && (await readHead(linked)) !== undefined) return linked;
    const [outbox, at] = [mint(22), Date.now()];
    const post = { of: session, news: 0, text: '[]' };
    const now = { owner: '', kind: 'outbox', createdAt: at, activeAt: at, queue: [], post } as const;
    const head = { was: 0, now: { ...now, dueAt: at + unlinkedMs } };
    await log.append(outbox, [{ type: 'session_start', session: outbox }], { head });
    await engine.submit(session, { type: 'link', outbox, instead: linked, at }, { owner });
    const winner = (await readHead(session))?.outbox?.session;
    if (winner !== outbox) await log.drop(outbox);
    if (winner === undefined) throw new RefusalError('not_found');
    return winner;
  };

  const read = async (session: string): Promise<readonly WebhookRecord[]> => {
    const outbox = (await readHead(session))?.outbox?.session;
    const post = outbox === undefined ? undefined : (await readHead(outbox))?.post;
    return post === undefined ? [] : toRecords(post);
  };

  /** Changes the webhooks of an outbox. Decides again if another append comes between. */
  const change = async (
    outbox: string,
    decide: (records: readonly WebhookRecord[]) => readonly WebhookRecord[],
  ): Promise<readonly WebhookRecord[]> => {
    for (;;) {
      const head = await readHead(outbox);
      if (head?.post === undefined) throw new RefusalError('not_found');
      const records = decide(toRecords(head.post));
      const now = withRecords(head, head.post, records);
      if ((now.post?.text.length ?? 0) > maxText) throw tooLarge();
      const result = await log.append(outbox, [], { head: { was: head.version, now } });
      if (result.type === 'appended') return records;
      if (result.reason !== 'conflict') throw new RefusalError('not_found');
    }
  };

  return {
    async check(webhook, head) {
      checkWebhook(webhook, checkUrl);
      const outbox = head?.outbox === undefined ? undefined : await readHead(head.outbox.session);
      if (outbox?.post !== undefined) makeRoom(toRecords(outbox.post), webhook);
    },
    async put({ exchange, thread, owner, dialect }, webhook, since) {
      checkWebhook(webhook, checkUrl);
      const { session, message } = exchange;
      const state = since === 'now' ? await readExchange(transcripts, session, message) : undefined;
      const told = state && toChanges(state, message).at(-1)?.name;
      const kept: KeptWebhook = { ...webhook, id: webhook.id ?? message };
      const fresh = { message, dialect, seen: -1, tries: 0, ...(thread !== undefined && { thread }) };
      const outbox = await open(session, owner);
      const records = await change(outbox, (before) => {
        const known = before.find((record) => isOf(record, message) && record.webhook.id === kept.id);
        if (known !== undefined) {
          // The receiver that wanted no more may be another one now.
          const { nextAt: _, isOver: __, ...rest } = known;
          const again = { ...rest, ...fresh, webhook: kept };
          return before.map((record) => (record === known ? again : record));
        }
        if (before.filter((record) => isOf(record, message)).length >= maxPerExchange)
          throw new RefusalError('too_many', `A message has at most ${maxPerExchange} webhooks.`);
        const record = { ...fresh, key: mint(22), webhook: kept, ...(told !== undefined && { told }) };
        return [...makeRoom(before, kept), record];
      });
      engine.kick(outbox);
      return toWebhooks(records, message);
    },
    async list({ exchange: { session, message } }) {
      return toWebhooks(await read(session), message);
    },
    async drop({ exchange: { session, message } }, id) {
      const outbox = (await readHead(session))?.outbox?.session;
      if (outbox === undefined) return [];
      const isIt = (record: WebhookRecord): boolean => isOf(record, message) && record.webhook.id === id;
      const records = await change(outbox, (before) => before.filter((record) => !isIt(record)));
      return toWebhooks(records, message);
    },
  };
}

/**
 * Makes room for one more webhook. The oldest ones that are over leave first. Throws `too_many` or
 * `too_large`.
 */
function makeRoom(records: readonly WebhookRecord[], webhook: Webhook): readonly WebhookRecord[] {
  const needed = JSON.stringify(webhook).length + maxProgress;
  const isFull = records.length >= maxPerSession;
  if (!isFull && JSON.stringify(records).length + needed <= maxText) return records;
  const oldest = records.findIndex(({ isOver }) => isOver);
  if (oldest >= 0) return makeRoom(records.toSpliced(oldest, 1), webhook);
  if (!isFull) throw tooLarge();
  throw new RefusalError(
    'too_many',
    `A conversation has at most ${maxPerSession} webhooks that are not over.`,
  );
}

function tooLarge(): RefusalError {
  return new RefusalError('too_large', 'The webhooks of this conversation are too long together.');
}

function isOf(record: WebhookRecord, message: string): boolean {
  return record.message === message;
}

function toWebhooks(records: readonly WebhookRecord[], message: string): readonly KeptWebhook[] {
  return records.filter((record) => isOf(record, message)).map(({ webhook }) => webhook);
}
