/** The job of a client: it follows all of the streams at the same time. */
export interface Job {
  readonly urls: readonly string[];
  /** The event at which the application's handler throws once. */
  readonly throwsAt?: string | undefined;
  /** How long a connection may be silent, for the clients that have such an option. */
  readonly silenceMs?: number | undefined;
  /**
   * The event after which the client closes its stream, in the browser. There, six open streams would block
   * all others.
   */
  readonly last?: string | undefined;
  /** Whether the process ends if the client keeps nothing open. @default false */
  readonly mayExit?: boolean | undefined;
}

/** Receives what a client does with one stream. */
export interface Follower {
  /** Passes an event to the application. */
  onMessage(data: string): void;
  /**
   * Reports that the client has stopped: with an error, without one, or with the one that its handler threw.
   */
  onEnd(how: FollowerEnd): void;
}

export type FollowerEnd = 'failed' | 'done' | 'thrown';

/** A report of one client, a line of JSON. It is the same from a child process and from a page. */
export type FollowerNews =
  | { readonly type: 'message'; readonly stream: number; readonly data: string }
  | { readonly type: 'end'; readonly stream: number; readonly how: FollowerEnd };

/** Creates the follower of one stream, which writes lines. */
export function createFollower(stream: number, { throwsAt }: Job, write: (line: string) => void): Follower {
  const tell = (told: FollowerNews): void => write(JSON.stringify(told));
  let thrown = false;
  return {
    onMessage(data) {
      if (data === throwsAt && !thrown) {
        thrown = true;
        throw new Error('The handler threw.');
      }
      tell({ type: 'message', stream, data });
    },
    onEnd: (how) => tell({ type: 'end', stream, how: how === 'failed' && thrown ? 'thrown' : how }),
  };
}

/** Reads a line. Returns undefined if it is something else that was printed. */
export function toTold(line: string): FollowerNews | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, stream, data, how }: Readonly<Record<string, unknown>> = { ...value };
  if (typeof stream !== 'number') return undefined;
  if (type === 'message' && typeof data === 'string') return { type, stream, data };
  if (type === 'end' && (how === 'failed' || how === 'done' || how === 'thrown'))
    return { type, stream, how };
  return undefined;
}
