import type { ReportProblem } from './agent-event.ts';
import { reportError } from './report-error.ts';
import type { OnError } from './report-error.ts';

/**
 * The number of problems that are reported per turn. An agent that makes more of them repeats the same
 * mistake.
 */
const maxProblems = 10;

/**
 * Creates a function that reports the problems of one turn to the operator. Each problem is reported once.
 */
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
