import type { Dialect, Projection, Scope } from '../dialects/index.ts';
import { createPump } from '../log/internal.ts';
import type { EventLog, Gone, Missing, Page } from '../log/index.ts';
import type { EntryId } from '../protocol/index.ts';
import { toPieces } from './frames.ts';
import { createTail } from './tail.ts';
import type { Piece } from './tail.ts';

/** How a channel ends. */
type ChannelEnd =
  /** The dialect has said its last frame, or the session was deleted. */
  | { readonly type: 'end' }
  /** The log cannot be read. */
  | { readonly type: 'cut' }
  /** Each member must read the log for itself. `gone`: why nothing can come after the last entry of the channel. */
  | { readonly type: 'read'; readonly gone?: Gone['reason'] };

/** A reader as its channel sees it. */
export interface ChannelMember {
  /** Is given what comes next, as all others are. A member that cannot take it now asks for it later, with `since`. */
  take(piece: Piece): void;
  /** Whether it could not take what came, and has not asked for it yet. The channel then keeps more. */
  readonly isBusy: boolean;
  /** The channel has ended. */
  leave(how: ChannelEnd): void;
}

/**
 * What the readers of one session in one dialect share in a process: one follow of the log, and its newest entries as text that was projected and
 * encoded once. A reader joins it when it has come to its end.
 */
export interface Channel {
  /** The last entry that came. */
  readonly last: EntryId | undefined;
  /** The text after an entry; undefined where only the log knows. */
  since(id: EntryId | undefined): string | undefined;
  /** From here on `member` is given what comes. In one step with `since` nothing is lost or told twice. */
  add(member: ChannelMember): void;
  /** The last one to go closes the channel. */
  delete(member: ChannelMember): void;
  /** Resolves when what stood in the log at the call has been given to the members. */
  caughtUp(): Promise<void>;
}

/** What is read, and how. */
export interface ChannelKey {
  readonly session: string;
  readonly dialect: Dialect;
  readonly scope: Scope;
}

/** Where a channel goes on in the log. */
export interface ChannelStart {
  /** Stands in the ids, where the URL does not name the session. */
  readonly suffix: string | undefined;
  /** The entry that the channel goes on from. */
  readonly start: EntryId | undefined;
  /** What has projected the entries up to it. */
  readonly projection: Projection;
}

/** The channels of a process, each for as long as it has members. */
export interface Channels {
  readonly size: number;
  find(of: ChannelKey): Channel | undefined;
  /** Opens the channel that `find` did not find. Its first member is added in the same step. */
  open(of: ChannelKey, from: ChannelStart): Channel;
}

/** Creates the channels over a log. */
export function createChannels(log: EventLog): Channels {
  const channels = new Map<string, Channel>();
  return {
    get size() {
      return channels.size;
    },
    find: (of) => channels.get(toName(of)),
    open(of, from) {
      const name = toName(of);
      const channel = createChannel(log, of.session, from, () => {
        if (channels.get(name) === channel) channels.delete(name);
      });
      channels.set(name, channel);
      return channel;
    },
  };
}

// A session id has no space.
function toName({ session, dialect, scope }: ChannelKey): string {
  return `${session} ${scope} ${dialect.name}`;
}

/** UTF-16 units kept for members that join, or whose sink was busy for a moment. A member that is further behind reads the log. */
const room = { quiet: 4 * 1024, busy: 64 * 1024 };

/** Opens a channel at the end of a log. After `onClosed` nobody can join it. */
function createChannel(
  log: EventLog,
  session: string,
  { suffix, start, projection }: ChannelStart,
  onClosed: () => void,
): Channel {
  const members = new Set<ChannelMember>();
  const tail = createTail(start);

  const close = (how: ChannelEnd): void => {
    pump.stop();
    onClosed();
    for (const member of members) member.leave(how);
  };

  const take = (page: Page | Missing | Gone): void => {
    if (page.type === 'missing') return close({ type: 'end' });
    if (page.type === 'gone') return close({ type: 'read', gone: page.reason });
    // The start of the log was forgotten before it was read.
    if (page.base !== undefined) return close({ type: 'read' });
    for (const piece of toPieces(page.entries, { before: tail.last, projection, suffix })) {
      // Before it is given: a member may ask for it in the same step.
      tail.add(piece);
      let isAnyBusy = false;
      for (const member of members) {
        member.take(piece);
        isAnyBusy ||= member.isBusy;
      }
      tail.trim(isAnyBusy ? room.busy : room.quiet);
    }
    if (projection.over) close({ type: 'end' });
  };

  const pump = createPump(log, session, { after: start, take, fail: () => close({ type: 'cut' }) });
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
