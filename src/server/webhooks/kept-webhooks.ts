import type { KeptWebhook } from '../../dialects/index.ts';
import type { Head, NextHead, OutboxPost } from '../../log/index.ts';

/** One webhook with its progress, as an outbox keeps it. */
export interface WebhookRecord {
  /** Heddle's own name of the registration. The ids of its notices are made from it. */
  readonly key: string;
  readonly webhook: KeptWebhook;
  readonly dialect: string;
  /** The client's own name of the session, if it gave one. */
  readonly thread?: string;
  /** The message of the exchange. */
  readonly message: string;
  /** The last change that was told, or given up. */
  readonly told?: string;
  /**
   * The news of the outbox that are dealt with. While it differs from those of the post, there may be more to
   * tell.
   */
  readonly seen: number;
  /** How often the next notice was tried. */
  readonly tries: number;
  /** When the next try is due, in milliseconds since 1970, if one has failed. */
  readonly nextAt?: number | undefined;
  /** The exchange is over and told, or the receiver wants no more. */
  readonly isOver?: true;
}

/** Returns the webhooks of a post, the oldest first. */
export function toRecords({ text }: OutboxPost): readonly WebhookRecord[] {
  const records: readonly WebhookRecord[] = JSON.parse(text);
  return records;
}

/** How long an outbox may rest, in milliseconds. Then a node looks whether its session is still there. */
const longestRestMs = 86_400_000;

/** Returns the head of an outbox with other webhooks, due when the first of them is. */
export function withRecords(head: Head, post: OutboxPost, records: readonly WebhookRecord[]): NextHead {
  const { version: _, ...rest } = head;
  const dueAt = toFirstDue(records, post) ?? Date.now() + longestRestMs;
  return { ...rest, post: { ...post, text: JSON.stringify(records) }, dueAt };
}

/** Returns when the first of some webhooks is due. Undefined if all wait for news. */
export function toFirstDue(records: readonly WebhookRecord[], post: OutboxPost): number | undefined {
  const dues = records.flatMap((record) => toDueAt(record, post) ?? []);
  return dues.length === 0 ? undefined : Math.min(...dues);
}

/** Returns when a webhook is due: 0 for now. Undefined if it waits for news. */
export function toDueAt({ isOver, nextAt, seen }: WebhookRecord, { news }: OutboxPost): number | undefined {
  if (isOver) return undefined;
  return nextAt ?? (seen === news ? undefined : 0);
}
