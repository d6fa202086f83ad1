import { fieldsOf, listOf } from '../kit/index.ts';

/** Stops the run of a graph. */
export interface GraphStop {
  /** The options of the run that let it be stopped. */
  readonly options: object;
  /** Looks at a part of the stream. It says how the run may be stopped. */
  hear(part: unknown): void;
  /** The run is over: nothing is to be stopped any more. */
  over(): void;
  /** Stops the run, if it is not over. */
  stop(): void;
}

/**
 * Creates the stop of one run. It aborts the run's signal, but for one case: after a step whose nodes all
 * came from the graph's cache, LangGraph (1.7.3) answers an abort, even one after the end, with a rejection
 * that nothing can catch, and that would end the process. Such a run is told to end at its next step. No tool
 * runs in the meantime, since the gate is closed.
 */
export function createGraphStop(): GraphStop {
  const controller = new AbortController();
  const state = { isOver: false, hadCache: false, isDrained: false };
  return {
    options: {
      signal: controller.signal,
      control: {
        get drainRequested() {
          return state.isDrained;
        },
        get drainReason() {
          return state.isDrained ? 'stopped' : undefined;
        },
      },
    },
    hear(part) {
      const [, mode, payload] = listOf(part);
      if (mode === 'updates' && fieldsOf(fieldsOf(payload)['__metadata__'])['cached'] === true)
        state.hadCache = true;
    },
    over() {
      state.isOver = true;
    },
    stop() {
      if (state.isOver) return;
      state.isDrained = true;
      if (!state.hadCache) controller.abort();
    },
  };
}
