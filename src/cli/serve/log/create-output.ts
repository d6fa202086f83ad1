/** A standard stream that lines are written to while Heddle serves. */
export interface LogOutput {
  /** Never waits, and never throws. */
  write(line: string): void;
  /** Resolves with whether all was written; its reader has so many milliseconds. */
  end(ms: number): Promise<boolean>;
}

export interface OutputOptions {
  /** What is kept for a reader that does not read, in characters; further lines are left out. @default 262_144 */
  readonly most?: number;
  /** The line that tells how many were left out, as soon as there is somebody to tell. */
  readonly toNote: (lines: number) => string;
}

type Stream = Pick<NodeJS.WriteStream, 'write' | 'writableLength' | 'on'>;

/**
 * Creates an output over a standard stream. The server goes on where nobody reads it (a pipe that is full), where its reader has gone, as `head`
 * does, and where it cannot be written (a disk that is full).
 */
export function createOutput(stream: Stream, { most = 262_144, toNote }: OutputOptions): LogOutput {
  let isGone = false;
  let left = 0;
  const put = (line: string, lines: number): void => {
    const onWritten = (error?: Error | null): void => {
      if (error) left += lines;
    };
    try {
      stream.write(line, onWritten);
    } catch {
      left += lines;
    }
  };
  const tellLeft = (): void => {
    const lines = left;
    left = 0;
    if (lines > 0) put(toNote(lines), lines);
  };
  stream.on('drain', tellLeft);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isGone ||= error.code === 'EPIPE';
  });
  return {
    write(line) {
      if (isGone) return;
      if (stream.writableLength > most) left += 1;
      else {
        tellLeft();
        put(line, 1);
      }
    },
    end: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), ms);
        // Its turn comes when all before it is written, or cannot be.
        stream.write('', () => {
          clearTimeout(timer);
          resolve(true);
        });
      }),
  };
}
