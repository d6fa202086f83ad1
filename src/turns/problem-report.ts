import type { ReportProblem } from './agent-event.ts';
import { reportError } from './report-error.ts';
import type { OnError } from './report-error.ts';

/** Problems of one turn that are told; an agent that makes more makes the same again. */
const maxProblems = 10;

/** Makes a report to whoever runs the server: each problem of a turn is told once. */
export function createProblemReport(
  onError: OnError | undefined,
  where: Parameters<OnError>[1],
): ReportProblem {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem) || told.size >= maxProblems) return;
    told.add(problem);
    reportError(onError, new TypeError(problem), where);
  };
}
