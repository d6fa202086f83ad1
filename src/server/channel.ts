import type { Projection } from '../dialects/index.ts';
import { createPump } from '../log/index.ts';
import type { EventLog, Gone, Missing, Page } from '../log/index.ts';
import type { EntryId } from '../protocol/index.ts';
import { createTail } from './tail.ts';
import type { Piece } from './tail.ts';
import { toPieces } from './to-pieces.ts';

/** Who gets what comes in a channel. */
export interface Member {
  /** Is given what comes next, as all others are. One that cannot take it now asks for it later, with `since`. */
  take(piece: Piece): void;
  /** Whether it could not take what came, and has not asked for it yet: as long as one is, more is kept. */
  readonly isBusy: boolean;
  /** The channel is no more: the dialect has said its last frame, or the session was dropped (`end`), the log cannot be read (`cut`), or each must see for itself where it stands (`read`), but for those that have all of it: they are told why nothing can come after that (`gone`). */
  leave(how: 'end' | 'cut' | 'read', gone?: Gone['reason']): void;
}

/**
 * What the readers of one session in one dialect share in a process: one follow of the log, and its newest entries as text that was projected and
 * encoded once. Who has come to its end joins it.
 */
export interface Channel {
  /** The last entry that came. */
  readonly last: EntryId | undefined;
  /** What came after an entry; undefined where only the log knows. */
  since(id: EntryId | undefined): string | undefined;
  /** From here on `member` is given what comes. In one step with `since` nothing is lost or told twice. */
  add(member: Member): void;
  /** The last one to go closes the channel. */
  delete(member: Member): void;
  /** Resolves when what stood in the log at the call has been given to the members. */
  caughtUp(): Promise<void>;
}

export interface ChannelOptions {
  readonly log: EventLog;
  readonly session: string;
  /** Stands in the ids, where the URL does not name the session. */
  readonly suffix: string | undefined;
  /** The entry that the channel goes on from, and what has projected the entries up to it. */
  readonly start: EntryId | undefined;
  readonly projection: Projection;
  /** Nobody can join any more. */
  readonly onClosed: () => void;
}

/** UTF-16 units kept for those who join, or whose socket was busy for a moment. Who is further behind reads the log. */
const room = { quiet: 4 * 1024, busy: 64 * 1024 };

/** Opens a channel at the end of a log. */
export function createChannel(options: ChannelOptions): Channel {
  const { log, session, suffix, start, projection, onClosed } = options;
  const members = new Set<Member>();
  const tail = createTail(start);

  const close = (how: 'end' | 'cut' | 'read', gone?: Gone['reason']): void => {
    pump.stop();
    onClosed();
    for (const member of members) member.leave(how, gone);
  };

  const take = (page: Page | Missing | Gone): void => {
    if (page.type === 'missing') return close('end');
    if (page.type === 'gone') return close('read', page.reason);
    // The start of the log was forgotten before it was read.
    if (page.base !== undefined) return close('read');
    for (const piece of toPieces(page.entries, tail.last, projection, suffix)) {
      // Before it is given: a member may ask for it in the same step.
      tail.add(piece);
      let isAnyBusy = false;
      for (const member of members) {
        member.take(piece);
        isAnyBusy ||= member.isBusy;
      }
      tail.trim(isAnyBusy ? room.busy : room.quiet);
    }
    if (projection.over) close('end');
  };

  const pump = createPump(log, session, { after: start, take, fail: () => close('cut') });
  return {
    get last() {
      return tail.last;
    },
    since: tail.since,
    add: (member) => void members.add(member),
    delete(member) {
      if (!members.delete(member) || members.size > 0) return;
      pump.stop();
      onClosed();
    },
    caughtUp: pump.caughtUp,
  };
}
