/** What a store over Redis counted since it was opened: plain numbers, for whoever measures. Nothing in it names a session or a person. */
export interface RedisCounts {
  /** Whether a command would be sent now, and not refused. */
  readonly isUp: boolean;
  /** How often either connection was made anew. */
  readonly reconnections: number;
  /** How often each command and each script was sent. */
  readonly sent: ReadonlyMap<string, number>;
  /** Hints that were heard of sessions somebody waited for on this node. */
  readonly hints: number;
  /** Appends that were found by a look every `pollMs`, and not by their hint: it was lost, or late. */
  readonly foundLate: number;
}
