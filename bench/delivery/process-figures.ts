import { readdirSync, readFileSync } from 'node:fs';

/**
 * The CPU time that processes took so far, user and system, all threads, in seconds: what the scheduler counted in nanoseconds, for
 * `/proc/<pid>/stat` rounds to hundredths of a second.
 */
export function readCpuSeconds(pids: readonly number[]): number {
  let nanoseconds = 0;
  for (const pid of pids) {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    }
  }
  return nanoseconds / 1e9;
}

/** The memory that processes have resident, in bytes. What the kernel holds for their sockets is not in it. */
export function readMemoryBytes(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    kilobytes += Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  }
  return kilobytes * 1024;
}
