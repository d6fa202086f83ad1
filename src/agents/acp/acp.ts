import { resolve } from 'node:path';
import type { Agent, OpenSession } from '../../protocol/index.ts';
import { createLaunch, createPool, processTimes, toAgentEnvironment } from '../process/index.ts';
import { createAcpWorker } from './create-acp-worker.ts';
import type { AcpTimes, AcpWorker } from './create-acp-worker.ts';
import { createConversations } from './create-conversations.ts';
import { runAcpTurn } from './run-acp-turn.ts';

export interface AcpOptions {
  /** The program. It is started without a shell. */
  readonly command: string;
  /** @default none */
  readonly args?: readonly string[];
  /**
   * The folder in which the agent works, or a function that returns the folder of a session. The folder must
   * exist. The agent can read and write more than it, unless a container keeps it from that.
   */
  readonly cwd: string | ((session: OpenSession) => string | Promise<string>);
  /**
   * Variables of the process beside those of this one. Variables `HEDDLE_…` of this process are not passed
   * on.
   */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Takes each line of the process's standard error, and each line of its standard output that is no line of
   * the protocol. @default prints them on the standard error
   */
  readonly log?: (line: string) => void;
}

export const acpTimes: AcpTimes = { ...processTimes, holdMs: 3_600_000 };

/**
 * Makes an agent of a coding agent that speaks the Agent Client Protocol 1 over its standard input and
 * output. One process has all sessions. It starts with `start()`, or with the first turn, and ends with
 * `close()`. If it ends in the middle of turns, they fail with the code `agent_lost`.
 *
 * Permission requests become approvals. They stay open in the process for an hour at most. An answer that
 * comes later, to another node, or after the process has ended, fails with `approval_lost`. So this is for
 * one node. The agent runs commands and changes files: put the server into a container. Throws a TypeError if
 * an option is missing.
 */
export function acp(options: AcpOptions): Agent {
  return createAcp(options, acpTimes);
}

/** The same, with other times. */
export function createAcp(options: AcpOptions, times: AcpTimes): Agent {
  const { command, args = [], cwd, env, log = printLine } = options;
  if (typeof command !== 'string' || command === '')
    throw new TypeError('acp(): command is the name of a program, such as "gemini".');
  if (typeof cwd !== 'function' && (typeof cwd !== 'string' || cwd === ''))
    throw new TypeError('acp(): cwd is the folder in which the agent works, or a function that returns it.');
  const launch = createLaunch({
    command,
    args,
    env: toAgentEnvironment(process.env, env),
    cwd: typeof cwd === 'string' ? cwd : undefined,
    flushMs: times.flushMs,
  });
  const pool = createPool<AcpWorker>({
    hire: (events) => createAcpWorker({ launch, times, log, ...events }),
    workers: 1,
    times,
  });
  const conversations = createConversations({
    pool,
    toFolder: async (session) => resolve(typeof cwd === 'string' ? cwd : await cwd(session)),
  });
  return {
    open: (session) => (turn) => runAcpTurn(conversations, session, turn),
    start: pool.start,
    close: pool.close,
    // Its tools do not wait for the log.
    onCrash: 'fail',
  };
}

function printLine(line: string): void {
  process.stderr.write(`${line}\n`);
}
