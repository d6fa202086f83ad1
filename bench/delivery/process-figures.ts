import { readdirSync, readFileSync } from 'node:fs';

/** What the scheduler counted for processes so far, all threads together, in seconds. */
export interface CpuTime {
  /** User and system. */
  readonly taken: number;
  /** Ready to run, with the core taken by others. */
  readonly waited: number;
}

/** Reads it in nanoseconds: `/proc/<pid>/stat` tells the same in hundredths of a second. */
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

/** The memory that processes have resident, in bytes. What the kernel holds for their sockets is not in it. */
export function readMemoryBytes(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    kilobytes += Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  }
  return kilobytes * 1024;
}
