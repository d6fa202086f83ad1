/**
 * The phase of a reader's life.
 *
 * - `behind`: the reader reads the log by itself.
 * - `live`: it is a member of its channel, and its sink is idle.
 * - `busy`: it is a member, and its sink holds bytes. New text gathers in the channel.
 * - `owed`: the channel ended while the sink was busy. The reader still has to write the rest of the
 *   channel's text.
 * - `leaving`: it sends its farewell, and decides how the body ends.
 * - `ended`
 */
export type Phase = 'behind' | 'live' | 'busy' | 'owed' | 'leaving' | 'ended';

/** An event in a reader's life. */
export type ReaderHappening =
  /** The reader has caught up with its channel, and is now a member. */
  | 'joined'
  /** The sink holds bytes after a write. */
  | 'held'
  /** The sink has taken the bytes that it held. */
  | 'drained'
  /** The channel no longer keeps the text after the reader's last entry. */
  | 'forgotten'
  /**
   * The channel has ended. `closed`: properly. `failed`: the log cannot be read, or was deleted before the
   * last frame that a stream must have. `unsure`: each member must read the log by itself.
   */
  | 'closed'
  | 'failed'
  | 'unsure'
  /** The server asks the reader to end. */
  | 'told'
  /** After `told`: the channel has sent the reader all entries of the log. */
  | 'caught-up'
  /** The reader's own work is done: its reading, or its farewell. */
  | 'over'
  /** The same, but the body must not look complete. */
  | 'broken'
  /** The sink holds too many bytes, for a further write or for the farewell. */
  | 'slow'
  /** The client is gone. */
  | 'gone';

/** The act that follows. */
export type Act =
  | 'nothing'
  /** Writes the text that gathered in the channel. */
  | 'write-rest'
  /** Writes the text that gathered in the channel, and ends the body. */
  | 'write-rest-and-end'
  /** Leaves the channel, and reads the log by itself. */
  | 'read'
  /** Wakes the reading that waits for room in the sink. */
  | 'wake'
  /** Waits until the channel has sent all entries of the log. */
  | 'catch-up'
  /** Writes the text that gathered in the channel, and tells the client why the stream ends. */
  | 'say-farewell'
  | 'end'
  | 'cut'
  /** Ends without a write: the client is gone. */
  | 'let-go';

type Step = readonly [Phase, Act];

/** A happening that is missing in a phase changes nothing. */
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

/** Decides a reader's next phase and act. The function is pure. */
export function stepReader(phase: Phase, happening: ReaderHappening): Step {
  return table[phase][happening] ?? [phase, 'nothing'];
}
