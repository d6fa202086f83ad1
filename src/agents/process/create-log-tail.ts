/** Passes lines on to a log, and remembers the last ones. */
export interface LogTail {
  add(line: string): void;
  /** Returns a sentence, with the last lines of the log below it. */
  describe(sentence: string): string;
}

/** The number of lines that are remembered. */
const most = 20;

/** Creates a tail of `log`. */
export function createLogTail(log: (line: string) => void): LogTail {
  const last: string[] = [];
  return {
    add(line) {
      last.push(line);
      if (last.length > most) last.shift();
      log(line);
    },
    describe: (sentence) => [sentence, ...last].join('\n'),
  };
}
