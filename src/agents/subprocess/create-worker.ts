import { createFailure } from '../kit/index.ts';
import type { StartLine } from '../kit/index.ts';
import type { AgentProcess, LaunchProcess } from './agent-process.ts';
import { createBackPressure } from './back-pressure.ts';
import { createLineSplitter } from './create-line-splitter.ts';
import { createLogTail } from './create-log-tail.ts';
import { createLineTalk } from './create-line-talk.ts';
import type { LineTalk, WorkerTalk } from './create-line-talk.ts';
import { toProcessLine } from './process-line.ts';
import type { ProcessTimes } from './process-times.ts';
import { stepWorker } from './worker-life.ts';
import type { WorkerAct, WorkerHappening, WorkerPhase } from './worker-life.ts';

/** One process that works on turns. */
export interface Worker {
  /** How many more turns it may take now. */
  readonly room: number;
  /** How many turns it works on. */
  readonly load: number;
  /** Whether it is ready, or may become so. */
  readonly isAble: boolean;
  /** Starts a turn. Call it only if there is room. */
  begin(start: StartLine, signal: AbortSignal): LineTalk;
  /** Ends the process. Open turns fail. */
  close(): void;
}

/** How a worker ended. */
export interface WorkerEnd {
  /** Absent if it ended as it should. */
  readonly failure?: Error;
  /** Whether the process was ever ready. */
  readonly wasReady: boolean;
  /** Whether the process ever said something in a turn. */
  readonly hasSpoken: boolean;
}

export interface WorkerOptions {
  readonly launch: LaunchProcess;
  readonly times: ProcessTimes;
  /** Takes a line of the standard error, or a stray line of the standard output. */
  readonly log: (line: string) => void;
  /** Called when there is room for a turn. */
  readonly onRoom: () => void;
  /** Called once. */
  readonly onGone: (end: WorkerEnd) => void;
}

/** The longest line of a process, in UTF-16 units. A snapshot may have half of it. */
const longestLine = 16 * 1024 * 1024;
/** The longest line of its standard error. Longer ones are cut. */
const longestLogLine = 8 * 1024;
/** The number of lines that may wait until the engine takes them. */
const mostWaiting = 10_000;

/** The mutable part of a worker. */
interface WorkerState {
  phase: WorkerPhase;
  limit: number;
  timer?: ReturnType<typeof setTimeout>;
  hasSpoken: boolean;
  failure?: Error;
}

/** Starts a worker. `onGone` is never called before this returns. */
export function createWorker({ launch, times, log, onRoom, onGone }: WorkerOptions): Worker {
  const state: WorkerState = { phase: 'starting', limit: 0, hasSpoken: false };
  const talks = new Map<string, WorkerTalk>();
  const tail = createLogTail(log);

  const fail = (reason: string): void => {
    state.failure ??= new Error(tail.describe(`The process of the agent ${reason}.`));
  };
  const lose = (): void => {
    for (const talk of talks.values()) talk.lose(createFailure('agent_lost', state.failure));
  };
  const acts: Readonly<Record<WorkerAct, () => void>> = {
    nothing: () => {},
    open: onRoom,
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

  const readLine = (text: string): void => {
    const line = toProcessLine(text);
    if (line.type === 'stray') return log(text.slice(0, longestLogLine));
    if (line.type === 'spoken') {
      state.hasSpoken = true;
      talks.get(line.turn)?.hear(line.line);
    }
    if (line.type !== 'ready' || state.phase !== 'starting') return;
    if (line.version !== 1) return breakOff(`speaks version ${JSON.stringify(line.version)} of the lines`);
    state.limit = line.turns;
    happen('ready');
  };
  const output = createLineSplitter({
    longest: longestLine,
    onLine: readLine,
    onTooLong: () => breakOff('printed a line that is longer than 16 Mi characters'),
  });
  const errorOutput = createLineSplitter({
    longest: longestLogLine,
    onLine: tail.add,
    onTooLong: (beginning) => tail.add(`${beginning}…`),
  });

  const child: AgentProcess = launch({
    onOutput: output.push,
    onErrorOutput: errorOutput.push,
    onGone(how) {
      output.end();
      errorOutput.end();
      const wasReady = state.limit > 0;
      const isDue = state.phase === 'ending' || state.phase === 'terminating' || state.phase === 'killed';
      if (!isDue) fail(how);
      happen('gone');
      onGone({ wasReady, hasSpoken: state.hasSpoken, ...(state.failure && { failure: state.failure }) });
    },
  });
  const pressure = createBackPressure({
    most: mostWaiting,
    pause: child.pauseOutput,
    resume: child.resumeOutput,
  });
  enter('starting');

  return {
    get room() {
      return state.phase === 'ready' ? state.limit - talks.size : 0;
    },
    get load() {
      return talks.size;
    },
    get isAble() {
      return state.phase === 'starting' || state.phase === 'ready';
    },
    begin(start, signal) {
      const name = `${start.turn}.${start.attempt}`;
      const onOver = (how: 'ended' | 'stuck' | 'lost'): void => {
        if (how === 'stuck') happen('stuck');
        talks.delete(name);
        if (talks.size === 0) happen('emptied');
        if (how === 'ended') onRoom();
      };
      const { cancelMs } = times;
      const talk = createLineTalk({ name, start, signal, write: child.write, pressure, cancelMs, onOver });
      talks.set(name, talk);
      return talk;
    },
    close: () => {
      if (state.phase === 'ready') fail('was closed');
      happen('told');
    },
  };
}
