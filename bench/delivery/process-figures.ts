import { readdirSync, readFileSync } from 'node:fs';

/** The CPU time of processes with all their threads, in seconds, as the scheduler counted it. */
export interface CpuTime {
  /** The time on a core, user and system. */
  readonly taken: number;
  /** The time in which they were ready to run and had no core. */
  readonly waited: number;
}

/**
 * Reads the CPU time of processes. `schedstat` has nanoseconds, `/proc/<pid>/stat` only hundredths of a
 * second.
 */
export function readCpuTime(pids: readonly number[]): CpuTime {
  let [taken, waited] = [0, 0];
  for (const pid of pids) {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const [ran, queued] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ');
      taken += Number(ran) / 1e9;
      waited += Number(queued) / 1e9;
    }
  }
  return { taken, waited };
}

/**
 * Returns the resident memory of processes in bytes. The kernel's memory for their sockets is not part of it.
 */
export function readMemoryBytes(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    kilobytes += Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  }
  return kilobytes * 1024;
}
