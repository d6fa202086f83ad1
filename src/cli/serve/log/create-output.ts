/** A standard stream that receives log lines while Heddle serves. */
export interface LogOutput {
  /** Writes a line. It never waits and never throws. */
  write(line: string): void;
  /** Resolves with whether everything was written within so many milliseconds. */
  end(ms: number): Promise<boolean>;
}

export interface OutputOptions {
  /** The buffer for a slow reader, in characters. Lines beyond it are dropped. @default 262_144 */
  readonly most?: number;
  /** Returns the line that reports how many lines were dropped. It is written when the reader reads again. */
  readonly toNote: (lines: number) => string;
}

type Stream = Pick<NodeJS.WriteStream, 'write' | 'writableLength' | 'on'>;

/**
 * Creates an output over a standard stream. The server continues when the reader does not read (a full pipe),
 * when it has exited, as `head` does, and when the stream cannot be written (a full disk).
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
        // The callback runs when everything before it is written, or has failed.
        stream.write('', () => {
          clearTimeout(timer);
          resolve(true);
        });
      }),
  };
}
