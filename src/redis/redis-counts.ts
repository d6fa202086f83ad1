/**
 * Counters of a Redis store since it was opened, as plain numbers for metrics. Nothing in it names a
 * session or a person.
 */
export interface RedisCounts {
  /** Whether a command would be sent now rather than refused. */
  readonly isUp: boolean;
  /** How often either connection was made anew. */
  readonly reconnections: number;
  /** How often each command and each script was sent. */
  readonly sent: ReadonlyMap<string, number>;
  /** Hints received for sessions that were watched on this node. */
  readonly hints: number;
  /** Appends that the check every `pollMs` found, because their hint was lost or late. */
  readonly foundLate: number;
}
