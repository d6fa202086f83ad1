import type { AgentProcess, LaunchProcess } from './agent-process.ts';
import { createLineSplitter } from './create-line-splitter.ts';
import { createLogTail } from './create-log-tail.ts';
import type { ProcessTimes } from './process-times.ts';
import { stepWorker } from './worker-life.ts';
import type { WorkerAct, WorkerHappening, WorkerPhase } from './worker-life.ts';

/** One process of an agent, from its start to its end. */
export interface ProcessLife {
  readonly phase: WorkerPhase;
  /** Whether the process is ready, or may become so. */
  readonly isAble: boolean;
  readonly child: AgentProcess;
  /** Says that something happened. The table in `worker-life.ts` decides what follows. */
  happen(happening: WorkerHappening): void;
  /** Ends a process that breaks the protocol. The reason completes "The process of the agent …". */
  breakOff(reason: string): void;
  /** Logs a line of the standard output that is not of the protocol. */
  logStray(line: string): void;
  /** Ends the process. Open turns are lost. */
  close(): void;
}

export interface ProcessLifeOptions {
  readonly launch: LaunchProcess;
  readonly times: ProcessTimes;
  /** Takes a line of the standard error, or a stray line of the standard output. */
  readonly log: (line: string) => void;
  /** Takes a line of the standard output. */
  readonly onLine: (line: string) => void;
  /** Called when the process has become ready. */
  readonly onOpen: () => void;
  /** Called when the open turns are lost. */
  readonly onLose: (failure: Error | undefined) => void;
  /** Called once, with the reason if the process did not end as it should. */
  readonly onGone: (failure: Error | undefined) => void;
}

/** The longest line of a process, in UTF-16 units. A snapshot may have half of it. */
const longestLine = 16 * 1024 * 1024;
/** The longest line of its standard error. Longer ones are cut. */
const longestLogLine = 8 * 1024;

/** The mutable part of a life. */
interface LifeState {
  phase: WorkerPhase;
  timer?: ReturnType<typeof setTimeout>;
  failure?: Error;
}

/** Starts a process. No listener is called before this returns. */
export function createProcessLife(options: ProcessLifeOptions): ProcessLife {
  const { launch, times, log, onLine, onOpen, onLose, onGone } = options;
  const state: LifeState = { phase: 'starting' };
  const tail = createLogTail(log);

  const fail = (reason: string): void => {
    state.failure ??= new Error(tail.describe(`The process of the agent ${reason}.`));
  };
  const lose = (): void => onLose(state.failure);
  const acts: Readonly<Record<WorkerAct, () => void>> = {
    nothing: () => {},
    open: onOpen,
    'end-input': () => child.endInput(),
    'lose-and-end-input': () => {
      lose();
      child.endInput();
    },
    terminate: () => child.signal('SIGTERM'),
    kill: () => child.signal('SIGKILL'),
    lose,
  };
  const dueAfter: Readonly<Partial<Record<WorkerPhase, number>>> = {
    starting: times.readyMs,
    ending: times.endMs,
    terminating: times.killMs,
  };
  const happen = (happening: WorkerHappening): void => {
    const [phase, act] = stepWorker(state.phase, happening);
    if (phase !== state.phase) enter(phase);
    acts[act]();
  };
  const enter = (phase: WorkerPhase): void => {
    state.phase = phase;
    clearTimeout(state.timer);
    const ms = dueAfter[phase];
    if (ms === undefined) return;
    state.timer = setTimeout(() => {
      if (phase === 'starting') fail(`was not ready within ${ms / 1_000} s`);
      happen('due');
    }, ms);
  };
  const breakOff = (reason: string): void => {
    fail(reason);
    happen('broken');
  };

  const output = createLineSplitter({
    longest: longestLine,
    onLine,
    onTooLong: () => breakOff('printed a line that is longer than 16 Mi characters'),
  });
  const errorOutput = createLineSplitter({
    longest: longestLogLine,
    onLine: tail.add,
    onTooLong: (beginning) => tail.add(`${beginning}…`),
  });
  const child = launch({
    onOutput: output.push,
    onErrorOutput: errorOutput.push,
    onGone(how) {
      output.end();
      errorOutput.end();
      const { phase } = state;
      if (phase !== 'ending' && phase !== 'terminating' && phase !== 'killed') fail(how);
      happen('gone');
      onGone(state.failure);
    },
  });
  enter('starting');

  return {
    get phase() {
      return state.phase;
    },
    get isAble() {
      return state.phase === 'starting' || state.phase === 'ready';
    },
    child,
    happen,
    breakOff,
    logStray: (line) => log(line.slice(0, longestLogLine)),
    close() {
      if (state.phase === 'ready') fail('was closed');
      happen('told');
    },
  };
}
