import type { Answer } from './answer.ts';
import type { FollowerEnd, Job } from './follower.ts';

/** A row of the table. */
export interface Fault {
  readonly name: string;
  /** The streams the client is to follow, all at once: what its requests for each are answered; the last answer is for all that follow. */
  readonly streams: readonly (readonly Answer[])[];
  /** How long it is watched from its first request on, in milliseconds. */
  readonly forMs: number;
  /** Ends the watch before, once nothing has come either way for so long, in milliseconds. @default Infinity */
  readonly quietMs?: number;
  /** Whether it may make a client as busy as the machine allows, so that it is played alone. @default false */
  readonly isBusy?: true;
  /** Whether there is no more to wait for in a stream. @default never */
  readonly isOver?: (seen: FaultView) => boolean;
  /** What a client must have for the fault to say something about it. */
  readonly about?: Trait;
  /** Says in a few words what was measured. */
  readonly measure: (seen: readonly FaultView[]) => string;
  /** What else the client is told. */
  readonly job?: Omit<Job, 'urls'>;
}

/** What some clients have and others do not. */
export type Trait = 'ids' | 'retry' | 'process';

/** What was seen of a client and one stream. */
export interface FaultView {
  readonly requests: readonly SeenRequest[];
  /** The data of each event that was handed to the application. */
  readonly received: readonly string[];
  /** How the client stopped, where it did. */
  readonly ending?: FollowerEnd | 'crashed' | 'exited' | undefined;
}

export interface SeenRequest {
  /** Milliseconds since the first. */
  readonly at: number;
  readonly lastEventId: string | undefined;
}
