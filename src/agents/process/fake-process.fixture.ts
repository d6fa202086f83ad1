import type { LaunchProcess } from './agent-process.ts';

/** A process of a test: what was written to it, and what it does. */
export interface FakeProcess {
  /** The lines that were written, and `end`, `SIGTERM`, `SIGKILL`, `pause`, `resume`. */
  readonly got: unknown[];
  say(line: object): void;
  print(text: string): void;
  die(how?: string): void;
}

/** Creates a launch, and the list of the processes that it has started. */
export function createFakeLaunch(): {
  readonly launch: LaunchProcess;
  readonly started: readonly FakeProcess[];
} {
  const started: FakeProcess[] = [];
  return {
    started,
    launch({ onOutput, onErrorOutput, onGone }) {
      const got: unknown[] = [];
      started.push({
        got,
        say: (line) => onOutput(`${JSON.stringify(line)}\n`),
        print: onErrorOutput,
        die: (how = 'ended with code 1') => onGone(how),
      });
      return {
        write: (line) => void got.push(line),
        endInput: () => void got.push('end'),
        signal: (name) => void got.push(name),
        pauseOutput: () => void got.push('pause'),
        resumeOutput: () => void got.push('resume'),
      };
    },
  };
}
