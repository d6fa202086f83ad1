import { readFileSync } from 'node:fs';
import type { ServerChild } from '../server-child.ts';
import { killRound } from './kill-round.ts';
import type { Round, RoundOptions } from './kill-round.ts';

/**
 * Runs a round in which the process of the agent is killed with kill -9, and not its server. `pidFile` has the
 * id of the newest process. The returned child is the same server.
 */
export async function agentKillRound({
  child,
  pidFile,
  ...options
}: Omit<RoundOptions, 'restart'> & { readonly pidFile: string }): Promise<Round> {
  const victim: ServerChild = {
    ...child,
    kill: async () => void process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL'),
  };
  return killRound({ ...options, child: victim, restart: async () => child });
}
