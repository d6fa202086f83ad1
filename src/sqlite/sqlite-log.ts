import { copyEvents, mustSync, toHead, toState } from '../log/internal.ts';
import type { AppendOptions, EventLog } from '../log/index.ts';
import type { Watchers } from '../log/internal.ts';
import { toEntryId } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';
import type { AppendRow, NextHeadRow } from './calls.ts';
import { toEntries, toPageEntries } from './decode.ts';
import type { WorkerLink } from './worker-link.ts';
import type { PointReads } from './point-reads.ts';

/** Creates the log of the store. */
export function createSqliteLog({
  link,
  points,
  watchers,
  now,
}: {
  readonly link: WorkerLink;
  readonly points: PointReads | undefined;
  readonly watchers: Watchers;
  readonly now: () => number;
}): EventLog {
  return {
    async append(session, events, { head, key, fence } = {}) {
      // The text is made before anything is awaited, so later changes to the caller's events do not reach the
      // log.
      const sent = { at: now(), count: events.length, events: JSON.stringify(events) };
      // An event or a head that could not be read back must not be written.
      const copies = copyEvents(events, () => sent.events);
      const row = head && toHeadRow(head);
      if (row !== undefined) toHead(session, row.text);
      const result = await link.call('append', {
        ...sent,
        session,
        lasting: head !== undefined || mustSync(events),
        head: row,
        key: key && { id: JSON.stringify(key.id), digest: key.digest },
        fence,
      });
      if (result.type === 'refused') return result;
      if (result.type === 'duplicate') {
        return { type: 'refused', reason: 'duplicate', entries: toWritten(session, result.row) };
      }
      if (result.type === 'repeat') {
        return { type: 'appended', entries: toWritten(session, result.row), version: result.version };
      }
      const { tag, last } = result.row;
      const first = last - copies.length + 1;
      const entries = copies.map((event, index) => ({
        id: toEntryId(first + index, tag),
        at: sent.at,
        event,
      }));
      watchers.wake(session, result.version, entries);
      return { type: 'appended', entries, version: result.version };
    },

    async read(session, after, limit) {
      const call = { session, after, limit };
      const result = points?.read(call) ?? (await link.call('read', call));
      if (result.type !== 'page') return result;
      const entries = toPageEntries(session, result, limit);
      return {
        type: 'page',
        entries,
        head: toHead(session, result.head),
        ...(!result.more && { end: true }),
        ...(result.base !== undefined && { base: toState(session, result.base) }),
      };
    },

    watch: watchers.watch,

    async trim(session, upTo, state) {
      const text = JSON.stringify({ ...state, last: upTo });
      const result = await link.call('trim', { session, upTo, state: text });
      if (result === 'unknown') throw new RangeError(`Session ${session} has no entry ${upTo} to trim to.`);
    },

    async drop(session) {
      if (!(await link.call('drop', { session }))) return;
      watchers.wake(session);
    },
  };
}

function toHeadRow({ was, now }: NonNullable<AppendOptions['head']>): NextHeadRow {
  const { owner, kind, activeAt, dueAt } = now;
  const text = JSON.stringify({ ...now, version: was + 1 });
  return { was, text, owner: JSON.stringify(owner), kind, activeAt, dueAt };
}

function toWritten(session: string, row: AppendRow | undefined): readonly Entry[] {
  return row === undefined ? [] : toEntries(session, row);
}
