import { createBackPressure, createProcessLife } from '../process/index.ts';
import type { LaunchProcess, PooledWorker, PoolEvents, ProcessTimes } from '../process/index.ts';
import { createFailure } from '../kit/index.ts';
import type { StartLine } from '../kit/index.ts';
import { createLineTalk } from './create-line-talk.ts';
import type { LineTalk, WorkerTalk } from './create-line-talk.ts';
import { toProcessLine } from './process-line.ts';

/** One process that works on turns. */
export interface Worker extends PooledWorker {
  /** Starts a turn. Call it only if there is room. */
  begin(start: StartLine, signal: AbortSignal): LineTalk;
}

export interface WorkerOptions extends PoolEvents {
  readonly launch: LaunchProcess;
  readonly times: ProcessTimes;
  /** Takes a line of the standard error, or a stray line of the standard output. */
  readonly log: (line: string) => void;
}

/** The number of lines that may wait until the engine takes them. */
const mostWaiting = 10_000;

/** Starts a worker. `onGone` is never called before this returns. */
export function createWorker({ launch, times, log, onRoom, onGone }: WorkerOptions): Worker {
  const state = { limit: 0, hasSpoken: false };
  const talks = new Map<string, WorkerTalk>();

  const readLine = (text: string): void => {
    const line = toProcessLine(text);
    if (line.type === 'stray') return life.logStray(text);
    if (line.type === 'spoken') {
      state.hasSpoken = true;
      talks.get(line.turn)?.hear(line.line);
    }
    if (line.type !== 'ready' || life.phase !== 'starting') return;
    if (line.version !== 1)
      return life.breakOff(`speaks version ${JSON.stringify(line.version)} of the lines`);
    state.limit = line.turns;
    life.happen('ready');
  };
  const life = createProcessLife({
    launch,
    times,
    log,
    onLine: readLine,
    onOpen: onRoom,
    onLose(failure) {
      for (const talk of talks.values()) talk.lose(createFailure('agent_lost', failure));
    },
    onGone: (failure) =>
      onGone({ wasReady: state.limit > 0, hasSpoken: state.hasSpoken, ...(failure && { failure }) }),
  });
  const pressure = createBackPressure({
    most: mostWaiting,
    pause: life.child.pauseOutput,
    resume: life.child.resumeOutput,
  });

  return {
    get room() {
      return life.phase === 'ready' ? state.limit - talks.size : 0;
    },
    get load() {
      return talks.size;
    },
    get isAble() {
      return life.isAble;
    },
    begin(start, signal) {
      const name = `${start.turn}.${start.attempt}`;
      const onOver = (how: 'ended' | 'stuck' | 'lost'): void => {
        if (how === 'stuck') life.happen('stuck');
        talks.delete(name);
        if (talks.size === 0) life.happen('emptied');
        if (how === 'ended') onRoom();
      };
      const { cancelMs } = times;
      const { write } = life.child;
      const talk = createLineTalk({ name, start, signal, write, pressure, cancelMs, onOver });
      talks.set(name, talk);
      return talk;
    },
    close: life.close,
  };
}
