import type { Projection } from '../dialects/index.ts';
import { createPump } from '../log/internal.ts';
import type { EventLog, Gone, Missing, Page } from '../log/index.ts';
import type { Entry, EntryId } from '../protocol/index.ts';
import { toChannelName } from './channel-key.ts';
import type { ChannelKey } from './channel-key.ts';
import type { ClientFrames } from './client-frames.ts';
import { toPieces } from './frames.ts';
import type { IdForm } from './frames.ts';
import { createTail } from './tail.ts';
import type { Piece } from './tail.ts';

/** How a channel ends. */
type ChannelEnd =
  /** The dialect has sent its last frame. */
  | { readonly type: 'over' }
  /** The session was deleted. */
  | { readonly type: 'missing' }
  /** The log cannot be read. */
  | { readonly type: 'cut' }
  /**
   * Each member must read the log by itself. `gone`: the reason why the log cannot go on from the channel's
   * last entry.
   */
  | { readonly type: 'read'; readonly gone?: Gone['reason'] };

/** A reader from the channel's point of view. */
export interface ChannelMember {
  /**
   * Takes the next piece. All members get the same one. A member that cannot take it now reads it later with
   * `since`.
   */
  take(piece: Piece): void;
  /** Whether the member may have pieces left to read with `since`. The channel then keeps more text. */
  readonly isBusy: boolean;
  /** Reports that the channel has ended. */
  leave(how: ChannelEnd): void;
}

/**
 * A channel is shared by the readers of one session in one dialect, within a process. It follows the log
 * once. It keeps the newest entries as text that is projected and encoded once. A reader joins when it has
 * caught up with the channel.
 */
export interface Channel {
  /** The last entry that the channel has read. */
  readonly last: EntryId | undefined;
  /**
   * Returns the text after an entry. Returns undefined if the channel does not keep that text; the log has
   * it.
   */
  since(id: EntryId | undefined): string | undefined;
  /**
   * Adds a member: from now on it gets each new piece. Call `since` in the same step, so that the member
   * misses nothing and gets nothing twice.
   */
  add(member: ChannelMember): void;
  /** Removes a member. The channel closes when its last member leaves. */
  delete(member: ChannelMember): void;
  /** Resolves when the members have got all entries that were in the log at the time of the call. */
  caughtUp(): Promise<void>;
}

/** The position from which a channel reads the log. */
export interface ChannelStart {
  readonly ids: IdForm;
  /** The last entry before the channel's first one. */
  readonly start: EntryId | undefined;
  /** The projection that has projected the entries up to `start`. */
  readonly projection: Projection;
  /**
   * Frames that the client of the first member has counted, and that do not exist yet. The channel leaves
   * them out, and no other reader can join it.
   */
  readonly has?: ClientFrames | undefined;
}

/** The open channels of a process. A channel is open while it has members. */
export interface Channels {
  readonly size: number;
  find(of: ChannelKey): Channel | undefined;
  /** Opens a channel. Call it only if `find` found none, and add the first member in the same step. */
  open(of: ChannelKey, from: ChannelStart): Channel;
}

/** Creates the set of channels over a log. */
export function createChannels(log: EventLog): Channels {
  const channels = new Map<string | symbol, Channel>();
  return {
    get size() {
      return channels.size;
    },
    find: (of) => channels.get(toChannelName(of)),
    open(of, from) {
      const name = from.has === undefined ? toChannelName(of) : Symbol('a channel of one reader');
      const channel = createChannel(log, of.session, from, () => {
        if (channels.get(name) === channel) channels.delete(name);
      });
      channels.set(name, channel);
      return channel;
    },
  };
}

/**
 * UTF-16 units of text that a channel keeps. Readers that join need some of it, and members whose sink was
 * busy for a moment need more. A member that is further behind reads the log.
 */
const room = { quiet: 4 * 1024, busy: 64 * 1024 };

/**
 * Opens a channel at the end of a log. It calls `onClosed` when it closes. No reader can join it after that.
 */
function createChannel(
  log: EventLog,
  session: string,
  { ids, start, projection, has }: ChannelStart,
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
    if (page.type === 'missing') return close({ type: 'missing' });
    if (page.type === 'gone') return close({ type: 'read', gone: page.reason });
    // The start of the log was trimmed before the channel read it.
    if (page.base !== undefined) return close({ type: 'read' });
    takeEntries(page.entries);
  };

  const takeEntries = (entries: readonly Entry[]): void => {
    for (const piece of toPieces(entries, { before: tail.last, projection, ids, has })) {
      // The tail gets the piece first: a member may read it with `since` while it takes it.
      tail.add(piece);
      let isAnyBusy = false;
      for (const member of members) {
        member.take(piece);
        isAnyBusy ||= member.isBusy;
      }
      tail.trim(isAnyBusy ? room.busy : room.quiet);
    }
    if (projection.over) close({ type: 'over' });
  };

  const pump = createPump(log, session, {
    after: start,
    take,
    takeHinted: takeEntries,
    fail: () => close({ type: 'cut' }),
  });
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
