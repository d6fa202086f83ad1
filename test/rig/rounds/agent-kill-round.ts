import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { killRound } from './kill-round.ts';
import type { Round, RoundOptions } from './kill-round.ts';

/**
 * Runs a round in which the process of the agent is killed with kill -9, and not its server. `pidFile` has the
 * id of the newest process. The returned child is the same server.
 */
export async function agentKillRound({
  child,
  pidFile,
  random,
  ...options
}: Omit<RoundOptions, 'restart'> & { readonly pidFile: string }): Promise<Round> {
  const kill = async (): Promise<void> => {
    // After a crash the next process starts with the next turn, and after a rest.
    while (!sendSignal(pidFile, 0)) await delay(5);
    await delay(random.integer(0, 150));
    sendSignal(pidFile, 'SIGKILL');
  };
  return killRound({ ...options, random, child: { ...child, kill }, restart: async () => child });
}

/** Sends a signal to a process. Returns whether the process is there. */
function sendSignal(pidFile: string, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(Number(readFileSync(pidFile, 'utf8')), signal);
  } catch {
    return false;
  }
}
