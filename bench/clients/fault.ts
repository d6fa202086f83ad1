import type { Answer } from './answer.ts';
import type { FollowerEnd, Job } from './follower.ts';

/** A row of the table. */
export interface Fault {
  readonly name: string;
  /**
   * The streams that the client follows at the same time: the answers to its requests for each. The last
   * answer is for all further requests.
   */
  readonly streams: readonly (readonly Answer[])[];
  /** How long the client is watched from its first request on, in milliseconds. */
  readonly forMs: number;
  /**
   * Ends the watch earlier if the client has sent and delivered nothing for this time in milliseconds.
   * @default Infinity
   */
  readonly quietMs?: number;
  /** Whether a client may use all CPU of the machine. Such a fault is played alone. @default false */
  readonly isBusy?: true;
  /** Returns whether there is nothing more to wait for in a stream. @default never */
  readonly isOver?: (seen: FaultView) => boolean;
  /** Features that a client needs to take part. */
  readonly about?: Trait;
  /** Returns the result in a few words. */
  readonly measure: (seen: readonly FaultView[]) => string;
  /** Further parts of the client's job. */
  readonly job?: Omit<Job, 'urls'>;
}

/** A property that some clients have and others do not. */
export type Trait = 'ids' | 'retry' | 'process';

/** The requests and events of one client on one stream. */
export interface FaultView {
  readonly requests: readonly SeenRequest[];
  /** The data of each event that the client passed to the application. */
  readonly received: readonly string[];
  /** How the client stopped, if it did. */
  readonly ending?: FollowerEnd | 'crashed' | 'exited' | undefined;
}

export interface SeenRequest {
  /** Milliseconds since the first request. */
  readonly at: number;
  readonly lastEventId: string | undefined;
}
