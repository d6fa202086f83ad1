/**
 * Where a reader is in its life.
 *
 * - `behind`: reads the log for itself.
 * - `live`: a member of its channel, with an idle sink.
 * - `busy`: a member whose sink holds bytes; what comes gathers in the channel.
 * - `owed`: the channel has ended while the sink was busy, and the rest of it is still to be written.
 * - `leaving`: has said its farewell, and looks how to end.
 * - `ended`
 */
export type Phase = 'behind' | 'live' | 'busy' | 'owed' | 'leaving' | 'ended';

/** What can happen to a reader. */
export type ReaderHappening =
  /** It has come to the end of its channel, and is a member. */
  | 'joined'
  /** Its sink holds bytes after a write. */
  | 'held'
  /** Its sink has taken what it held. */
  | 'drained'
  /** The channel does not know any more what comes after the reader's last entry. */
  | 'forgotten'
  /** The channel has ended: properly, because the log cannot be read, or because each must see for itself. */
  | 'closed'
  | 'failed'
  | 'unsure'
  /** The server wants it to end. */
  | 'told'
  /** After that, its channel has given it all that stood in the log. */
  | 'caught-up'
  /** What it does by itself has come to its end: its reading, or its farewell. */
  | 'over'
  /** The same, and the body must not look whole. */
  | 'broken'
  /** Its sink holds more than a reader may leave untaken. */
  | 'slow'
  /** The other side is gone. */
  | 'gone';

/** What the reader does then. */
export type Act =
  | 'nothing'
  /** Writes what gathered in the channel. */
  | 'write-rest'
  /** Writes what gathered in the channel, and ends the body. */
  | 'write-rest-and-end'
  /** Leaves the channel, and reads the log for itself. */
  | 'read'
  /** Wakes the reading that waits for room. */
  | 'wake'
  /** Waits until the channel has given all that stands in the log. */
  | 'catch-up'
  /** Writes what gathered in the channel, and says why it ends. */
  | 'say-farewell'
  | 'end'
  | 'cut'
  /** Lets go without a word: nobody would take it. */
  | 'let-go';

type Step = readonly [Phase, Act];

/** The happenings that a phase does not name change nothing. */
const table: Readonly<Record<Phase, Readonly<Partial<Record<ReaderHappening, Step>>>>> = {
  behind: {
    joined: ['live', 'nothing'],
    told: ['behind', 'wake'],
    over: ['ended', 'end'],
    broken: ['ended', 'cut'],
    slow: ['ended', 'cut'],
    gone: ['ended', 'let-go'],
  },
  live: {
    held: ['busy', 'nothing'],
    forgotten: ['behind', 'read'],
    closed: ['ended', 'end'],
    failed: ['ended', 'cut'],
    unsure: ['behind', 'read'],
    told: ['live', 'catch-up'],
    'caught-up': ['leaving', 'say-farewell'],
    slow: ['ended', 'cut'],
    gone: ['ended', 'let-go'],
  },
  busy: {
    drained: ['live', 'write-rest'],
    forgotten: ['behind', 'read'],
    closed: ['owed', 'nothing'],
    failed: ['ended', 'cut'],
    unsure: ['behind', 'read'],
    told: ['busy', 'catch-up'],
    'caught-up': ['leaving', 'say-farewell'],
    slow: ['ended', 'cut'],
    gone: ['ended', 'let-go'],
  },
  owed: {
    drained: ['leaving', 'write-rest-and-end'],
    slow: ['ended', 'cut'],
    gone: ['ended', 'let-go'],
  },
  leaving: {
    forgotten: ['behind', 'read'],
    over: ['ended', 'end'],
    broken: ['ended', 'cut'],
    slow: ['ended', 'cut'],
    gone: ['ended', 'let-go'],
  },
  ended: {},
};

/** Decides what becomes of a reader: pure. */
export function stepReader(phase: Phase, happening: ReaderHappening): Step {
  return table[phase][happening] ?? [phase, 'nothing'];
}
