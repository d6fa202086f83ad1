import { AgentError } from '../../protocol/index.ts';
import { checkNumber } from '../../protocol/internal.ts';
import type { Agent, AgentEvent, OpenSession, Turn } from '../../protocol/index.ts';
import { createLineTurn, toAgentFacts } from '../kit/index.ts';
import type { AdapterOptions, LineFailure } from '../kit/index.ts';
import { createLaunch, createPool, processTimes, toAgentEnvironment } from '../process/index.ts';
import type { ProcessPool, ProcessTimes } from '../process/index.ts';
import { createWorker } from './create-worker.ts';
import type { Worker } from './create-worker.ts';

export interface SubprocessOptions extends AdapterOptions {
  /** The program. It is started without a shell. */
  readonly command: string;
  /** @default none */
  readonly args?: readonly string[];
  /**
   * How many processes run. Each works on several turns at once, up to the number in its line `ready`.
   * @default 1
   */
  readonly workers?: number;
  /**
   * Variables of the process beside those of this one. Variables `HEDDLE_…` of this process are not passed
   * on.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder in which the process runs. @default that of this process */
  readonly cwd?: string;
  /**
   * Takes each line of the process's standard error, and each line of its standard output that is no line of
   * the protocol. @default prints them on the standard error
   */
  readonly log?: (line: string) => void;
}

/**
 * Makes an agent of a command in any language. The command speaks JSON lines over its standard input and
 * output (docs/agents.md), and works on many turns. Its processes start with `start()`, or with the first
 * turn, and end with `close()`. If a process ends in the middle of turns, they fail with the code
 * `agent_lost`, and the next turn starts a new one. Throws a TypeError if an option is out of range.
 */
export function subprocess(options: SubprocessOptions): Agent {
  return createSubprocess(options, processTimes);
}

/** The same, with other times. */
export function createSubprocess(options: SubprocessOptions, times: ProcessTimes): Agent {
  const { command, args = [], workers = 1, env, cwd, log = printLine } = options;
  if (typeof command !== 'string' || command === '')
    throw new TypeError('subprocess(): command is the name of a program, such as "python3".');
  checkNumber('workers', workers, { least: 1, most: 1_000, whole: true });
  const launch = createLaunch({
    command,
    args,
    env: toAgentEnvironment(process.env, env),
    cwd,
    flushMs: times.flushMs,
  });
  const pool = createPool({
    hire: (events) => createWorker({ launch, times, log, ...events }),
    workers,
    times,
  });
  return {
    open: (session) => (turn) => run(pool, session, turn),
    start: pool.start,
    close: pool.close,
    ...toAgentFacts(options),
  };
}

async function* run(
  pool: ProcessPool<Worker>,
  session: OpenSession,
  turn: Turn,
): AsyncGenerator<AgentEvent, void, undefined> {
  const { signal } = turn;
  const line = createLineTurn(session, turn);
  yield* line.resumed;
  if (signal.aborted) return;
  const talk = await pool.begin((worker) => worker.begin(line.start, signal), signal);
  if (talk === undefined) return;
  try {
    for await (const spoken of talk.lines) {
      talk.took();
      switch (spoken.type) {
        case 'event': {
          const { event } = spoken;
          yield line.toEvent(event);
          // The engine asks for the next event when the call stands in the log.
          if (typeof event === 'object' && event.type === 'tool_use') talk.taken(event.call);
          break;
        }
        case 'save':
          line.keep(spoken.snapshot);
          break;
        case 'end':
          if (!signal.aborted) line.save();
          return;
        case 'error':
          throw toError(spoken);
        default:
      }
    }
  } catch (error) {
    // How a cancelled turn ends does not matter.
    if (!signal.aborted) throw error;
  } finally {
    talk.leave();
  }
}

function toError({ code, message, detail }: LineFailure): Error {
  const told = message === '' ? 'The agent failed while it made this answer.' : message;
  const options = detail === undefined ? {} : { cause: detail };
  return code === undefined ? new Error(told, options) : new AgentError(code, told, options);
}

function printLine(line: string): void {
  process.stderr.write(`${line}\n`);
}
