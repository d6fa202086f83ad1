import type { ChangeNotice, Dialect, NoticeRequest } from '../../dialects/index.ts';
import type { OutboxPost } from '../../log/index.ts';
import type { SessionState } from '../../protocol/index.ts';
import { reportError } from '../../turns/index.ts';
import type { OnError } from '../../turns/index.ts';
import { digest } from '../derive.ts';
import { isFinal, toAnswerAt, toChanges, toStateAt, toUntold } from './exchange-changes.ts';
import type { FoundChange } from './exchange-changes.ts';
import type { WebhookRecord } from './kept-webhooks.ts';
import type { Sign } from './signatures.ts';
import { tryNotice } from './try-notice.ts';
import type { TryResult } from './try-notice.ts';
import type { WebhookSettings } from './webhook-options.ts';
import type { CheckUrl, WebhookUrl } from './webhook-urls.ts';

/** How many notices a server has sent. */
export interface NoticeCounts {
  delivered: number;
  givenUp: number;
}

export interface AttendOptions extends WebhookSettings {
  readonly dialects: readonly Dialect[];
  readonly checkUrl: CheckUrl;
  readonly sign: Sign;
  readonly counts: NoticeCounts;
  readonly onError?: OnError | undefined;
}

/** One webhook that is due, with the conversation that it is about. */
export interface DueWebhook {
  readonly record: WebhookRecord;
  readonly post: OutboxPost;
  readonly state: SessionState;
  /** Aborted when this node must stop. */
  readonly signal: AbortSignal;
}

/** The longest wait between two tries, in milliseconds. */
const longestWaitMs = 900_000;

/**
 * Tries the next notice of a webhook, if there is one to tell. Resolves with the fields of its record that
 * change; undefined if this node must stop.
 */
export async function attend(
  options: AttendOptions,
  due: DueWebhook,
): Promise<Partial<WebhookRecord> | undefined> {
  const { record, post, state } = due;
  const changes = toChanges(state, record.message);
  const [next] = toUntold(changes, record.told);
  if (next === undefined) return { ...rested, seen: post.news, ...toOver(changes.at(-1)) };
  const told = { ...rested, told: next.name, ...toOver(next) };
  const result = await send(options, due, next);
  switch (result.type) {
    case 'stopped':
      return undefined;
    case 'unneeded':
      return told;
    case 'delivered':
      options.counts.delivered += 1;
      return told;
    case 'failed': {
      const tries = record.tries + 1;
      if (tries < options.tries)
        return { tries, nextAt: Date.now() + toWaitMs(options, tries, result.afterMs) };
      giveUp(options, due, `${result.why}, ${tries} times`);
      return told;
    }
    case 'refused':
      giveUp(options, due, result.why);
      return told;
    case 'gone':
      giveUp(options, due, result.why);
      return { ...told, isOver: true };
  }
}

/** Returns whether a webhook has a notice to tell. */
export function hasNotice(state: SessionState, { message, told }: WebhookRecord): boolean {
  return toUntold(toChanges(state, message), told).length > 0;
}

/** After its last change, a webhook has nothing more to tell, and makes room for another one. */
function toOver(told: FoundChange | undefined): Pick<WebhookRecord, 'isOver'> {
  return told !== undefined && isFinal(told) ? { isOver: true } : {};
}

const rested: Pick<WebhookRecord, 'tries' | 'nextAt'> = { tries: 0, nextAt: undefined };

async function send(
  { dialects, checkUrl, onError, ...options }: AttendOptions,
  due: DueWebhook,
  next: FoundChange,
): Promise<TryResult | { readonly type: 'unneeded' }> {
  const { record, post, signal } = due;
  const dialect = dialects.find(({ name }) => name === record.dialect);
  if (dialect?.notify === undefined) return { type: 'failed', why: 'its dialect is not served here' };
  let url: WebhookUrl;
  try {
    // The options may have changed since it was registered.
    url = checkUrl(record.webhook.url);
  } catch {
    return { type: 'refused', why: 'its URL is not allowed any more' };
  }
  let request: NoticeRequest | undefined;
  try {
    request = dialect.notify(toNotice(due, next));
  } catch (error) {
    reportError(onError, error, { session: post.of });
    return { type: 'refused', why: 'its dialect failed' };
  }
  if (request === undefined) return { type: 'unneeded' };
  return tryNotice({ ...options, url, id: await toNoticeId(record, next), request, signal });
}

function toNotice({ record, post, state }: DueWebhook, next: FoundChange): ChangeNotice {
  const { thread, message, webhook } = record;
  const { change, answer } = next;
  return {
    session: post.of,
    ...(thread !== undefined && { thread }),
    message,
    change,
    ...(answer && { answer: toAnswerAt(answer, change) }),
    at: Date.now(),
    state: toStateAt(state, next),
    webhook,
  };
}

/** Returns the id of a notice. It is the same on every node, and reveals nothing. */
async function toNoticeId({ key }: WebhookRecord, { name }: FoundChange): Promise<string> {
  return `msg_${await digest(JSON.stringify([key, name]))}`;
}

/** Returns the wait before the next try, in milliseconds. */
function toWaitMs({ firstWaitMs }: AttendOptions, tries: number, afterMs = 0): number {
  const waitMs = Math.min(firstWaitMs * 4 ** (tries - 1), longestWaitMs);
  return Math.max(afterMs, waitMs * (0.8 + Math.random() * 0.4));
}

/** Reports a notice that is given up. Only the host is named: the rest of a URL may be a secret. */
function giveUp({ counts, onError }: AttendOptions, { record, post }: DueWebhook, why: string): void {
  counts.givenUp += 1;
  const host = URL.parse(record.webhook.url)?.host ?? '';
  reportError(onError, new Error(`A notice to the webhook at ${host} is given up: ${why}.`), {
    session: post.of,
  });
}
