import type { Report } from './agent-event.ts';
import { tell } from './tell.ts';
import type { OnError } from './tell.ts';

/** Problems of one turn that are told; an agent that makes more makes the same again. */
const maxProblems = 10;

/** Makes a report to whoever runs the server: each problem of a turn is told once. */
export function createReport(onError: OnError | undefined, where: Parameters<OnError>[1]): Report {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem) || told.size >= maxProblems) return;
    told.add(problem);
    tell(onError, new TypeError(problem), where);
  };
}
