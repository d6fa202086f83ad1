/** What a client is to do: follow each of the streams, all at once. */
export interface Job {
  readonly urls: readonly string[];
  /** Makes the application's handler throw once, at this event. */
  readonly throwsAt?: string | undefined;
  /** How long a connection may be silent, for the clients that can be told. */
  readonly silenceMs?: number | undefined;
  /** Closes a stream after this event, in the browser: six that stay open would keep all others waiting. */
  readonly last?: string | undefined;
  /** Whether the process ends when nothing of the client keeps it. @default false */
  readonly mayExit?: boolean | undefined;
}

/** What a client tells of one stream. */
export interface Follower {
  /** Hands an event to the application. */
  onMessage(data: string): void;
  /** Says that the client has stopped: with an error, without one, or with the one its handler threw. */
  onEnd(how: FollowerEnd): void;
}

export type FollowerEnd = 'failed' | 'done' | 'thrown';

/** What one client said, a line of JSON each: the same from a child process and from a page. */
export type FollowerNews =
  | { readonly type: 'message'; readonly stream: number; readonly data: string }
  | { readonly type: 'end'; readonly stream: number; readonly how: FollowerEnd };

/** Makes the followers of a job, which write lines. */
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

/** Reads a line; undefined where it is something else that was printed. */
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
