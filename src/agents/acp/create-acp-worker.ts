import { createFailure, fieldsOf, textOf } from '../kit/index.ts';
import { createBackPressure, createProcessLife } from '../process/index.ts';
import type { LaunchProcess, PooledWorker, PoolEvents, ProcessTimes } from '../process/index.ts';
import { toAbilities } from './abilities.ts';
import type { AcpAbilities } from './abilities.ts';
import { createPromptRun } from './create-prompt-run.ts';
import type { PromptRun, WorkerRun } from './create-prompt-run.ts';
import { createRpc } from './create-rpc.ts';
import type { Rpc, RpcRequest } from './create-rpc.ts';
import type { PromptBlock } from './to-prompt.ts';

/** One process of an agent, which has any number of sessions. */
export interface AcpWorker extends PooledWorker {
  readonly abilities: AcpAbilities;
  readonly request: Rpc['request'];
  /** Sends a prompt to a session of the agent. Call it only when the last one there is over. */
  prompt(session: string, blocks: readonly PromptBlock[]): PromptRun;
}

export interface AcpTimes extends ProcessTimes {
  /** How long a permission request may stay open. */
  readonly holdMs: number;
}

export interface AcpWorkerOptions extends PoolEvents {
  readonly launch: LaunchProcess;
  readonly times: AcpTimes;
  /** Takes a line of the standard error, or a stray line of the standard output. */
  readonly log: (line: string) => void;
}

/** The number of updates that may wait until the engine takes them. */
const mostWaiting = 10_000;
const methodNotFound = -32_601;

/** Starts a process, and greets it. `onGone` is never called before this returns. */
export function createAcpWorker({ launch, times, log, onRoom, onGone }: AcpWorkerOptions): AcpWorker {
  const state = { abilities: toAbilities({}), wasReady: false, hasSpoken: false };
  const runs = new Map<string, WorkerRun>();

  const lose = (failure: Error | undefined): void => {
    const lost = createFailure('agent_lost', failure);
    rpc.lose(lost);
    for (const run of runs.values()) run.fail(lost, 'lost');
  };
  const life = createProcessLife({
    launch,
    times,
    log,
    onLine(line) {
      if (!rpc.hear(line)) life.logStray(line);
    },
    onOpen: onRoom,
    onLose: lose,
    onGone(failure) {
      // A turn may have begun while the process was ending.
      lose(failure);
      const { wasReady, hasSpoken } = state;
      onGone({ wasReady, hasSpoken, ...(failure && { failure }) });
    },
  });
  const pressure = createBackPressure({
    most: mostWaiting,
    pause: life.child.pauseOutput,
    resume: life.child.resumeOutput,
  });
  const answer = (request: RpcRequest): void => {
    // The files and terminals of an editor are not here.
    if (request.method !== 'session/request_permission')
      return request.refuse(methodNotFound, 'Method not found');
    const run = runs.get(textOf(request.params['sessionId']));
    if (run === undefined) request.reply({ outcome: { outcome: 'cancelled' } });
    else run.ask(request);
  };
  const rpc = createRpc({
    write: life.child.write,
    onRequest: answer,
    onNotification(method, params) {
      if (method !== 'session/update') return;
      state.hasSpoken = true;
      // Without a prompt nothing is heard: a load tells the conversation again.
      runs.get(textOf(params['sessionId']))?.hear(params['update']);
    },
  });
  const greet = async (): Promise<void> => {
    const result = await rpc.request('initialize', {
      protocolVersion: 1,
      clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
    });
    const { protocolVersion } = fieldsOf(result);
    if (protocolVersion !== 1) {
      const version = JSON.stringify(protocolVersion);
      return life.breakOff(`speaks version ${version} of the Agent Client Protocol, and not 1`);
    }
    state.abilities = toAbilities(result);
    state.wasReady = true;
    life.happen('ready');
  };
  greet().catch((error: unknown) => {
    if (life.phase === 'starting') life.breakOff(`did not greet. ${toWords(error)}`);
  });

  return {
    get room() {
      return life.phase === 'ready' ? Infinity : 0;
    },
    get load() {
      return runs.size;
    },
    get isAble() {
      return life.isAble;
    },
    get abilities() {
      return state.abilities;
    },
    request: rpc.request,
    prompt(session, blocks) {
      const run = createPromptRun({
        pressure,
        cancelMs: times.cancelMs,
        holdMs: times.holdMs,
        onCancel: () => rpc.notify('session/cancel', { sessionId: session }),
        onOver(how) {
          if (how === 'stuck') life.happen('stuck');
          runs.delete(session);
          if (runs.size === 0) life.happen('emptied');
        },
      });
      runs.set(session, run);
      rpc
        .request('session/prompt', { sessionId: session, prompt: blocks })
        .then(run.end, (error: unknown) => run.fail(error, 'failed'));
      return run;
    },
    close: life.close,
  };
}

function toWords(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
