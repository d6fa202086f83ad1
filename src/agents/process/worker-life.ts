/**
 * The phase of a worker's life. A worker is one process of an agent.
 *
 * - `starting`: the process was started, and has not said that it is ready.
 * - `ready`: it works on turns.
 * - `spoiled`: a cancelled turn did not end in it. It takes no new turns, and its other turns may end.
 * - `ending`: its input has ended, and it may end by itself.
 * - `terminating`: it got SIGTERM.
 * - `killed`: it got SIGKILL.
 * - `gone`: the process has ended.
 */
export type WorkerPhase = 'starting' | 'ready' | 'spoiled' | 'ending' | 'terminating' | 'killed' | 'gone';

/** An event in a worker's life. */
export type WorkerHappening =
  /** The process has sent its line `ready`. */
  | 'ready'
  /** A cancelled turn has not ended in time. */
  | 'stuck'
  /** The last turn has ended. */
  | 'emptied'
  /** The agent closes. */
  | 'told'
  /** The process breaks the protocol, so that its output can be read no further. */
  | 'broken'
  /** The time of the phase is over. */
  | 'due'
  /** The process has ended. */
  | 'gone';

/** The act that follows. */
export type WorkerAct =
  | 'nothing'
  /** Lets turns in. */
  | 'open'
  /** Ends the process's input, on which it should end. */
  | 'end-input'
  /** Fails the open turns, and ends the process's input. */
  | 'lose-and-end-input'
  /** Sends SIGTERM to the process's group. */
  | 'terminate'
  /** Sends SIGKILL to the process's group. */
  | 'kill'
  /** Fails the open turns. */
  | 'lose';

type WorkerStep = readonly [WorkerPhase, WorkerAct];

/** A happening that is missing in a phase changes nothing. */
const table: Readonly<Record<WorkerPhase, Readonly<Partial<Record<WorkerHappening, WorkerStep>>>>> = {
  starting: {
    ready: ['ready', 'open'],
    told: ['ending', 'end-input'],
    broken: ['ending', 'lose-and-end-input'],
    due: ['ending', 'lose-and-end-input'],
    gone: ['gone', 'lose'],
  },
  ready: {
    stuck: ['spoiled', 'nothing'],
    told: ['ending', 'lose-and-end-input'],
    broken: ['ending', 'lose-and-end-input'],
    gone: ['gone', 'lose'],
  },
  spoiled: {
    emptied: ['ending', 'end-input'],
    told: ['ending', 'lose-and-end-input'],
    broken: ['ending', 'lose-and-end-input'],
    gone: ['gone', 'lose'],
  },
  ending: { due: ['terminating', 'terminate'], gone: ['gone', 'nothing'] },
  terminating: { due: ['killed', 'kill'], gone: ['gone', 'nothing'] },
  killed: { gone: ['gone', 'nothing'] },
  gone: {},
};

/** Decides a worker's next phase and act. The function is pure. */
export function stepWorker(phase: WorkerPhase, happening: WorkerHappening): WorkerStep {
  return table[phase][happening] ?? [phase, 'nothing'];
}
