import { isRecord } from '../../protocol/internal.ts';
import { taskStates } from './a2a-objects.ts';
import type { A2aFacts, A2aTaskState } from './a2a-objects.ts';
import { A2aProblem } from './a2a-problem.ts';
import { fromA2aTaskId } from './task-name.ts';
import type { TaskPlace } from './task-name.ts';

/**
 * Reads the parameters of requests. A URL has them as texts, and JSON may have numbers as texts, too. Each
 * function throws an A2aProblem for a value that it cannot read.
 */

/** Reads an object; empty if it is absent. */
export function readObjectParam(params: A2aFacts, field: string): A2aFacts {
  const value = params[field] ?? {};
  if (isRecord(value)) return value;
  throw toInvalidParam(field, 'must be an object');
}

/** Reads a text; undefined if it is absent or empty, which is the same in A2A. */
export function readTextParam(params: A2aFacts, field: string): string | undefined {
  const value = params[field] ?? '';
  if (typeof value === 'string') return value === '' ? undefined : value;
  throw toInvalidParam(field, 'must be a text');
}

/** Reads the task that a request is about. */
export function readTaskParam(params: A2aFacts, field = 'id'): TaskPlace {
  const id = readTextParam(params, field);
  if (id === undefined) throw toInvalidParam(field, 'is missing: name the task');
  const place = fromA2aTaskId(id);
  if (place === undefined) throw new A2aProblem('TASK_NOT_FOUND', 'There is no such task.');
  return place;
}

/** Reads a whole number in a range; undefined if it is absent. */
export function readCountParam(
  params: A2aFacts,
  field: string,
  { least = 0, most = 2 ** 31 - 1 }: { readonly least?: number; readonly most?: number } = {},
): number | undefined {
  const value = params[field] ?? undefined;
  if (value === undefined) return undefined;
  const count = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isInteger(count) && count >= least && count <= most) return count;
  throw toInvalidParam(field, `must be a whole number from ${least} to ${most}`);
}

/** Reads a yes or no; false if it is absent. */
export function readFlagParam(params: A2aFacts, field: string): boolean {
  const value = params[field] ?? false;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw toInvalidParam(field, 'must be true or false');
}

/** Reads a time in milliseconds since 1970; undefined if it is absent. */
export function readTimeParam(params: A2aFacts, field: string): number | undefined {
  const text = readTextParam(params, field);
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw toInvalidParam(field, 'must be a time, like 2026-01-31T12:00:00Z');
  return at;
}

/** Reads a state; undefined if it is absent or unspecified. */
export function readStateParam(params: A2aFacts, field: string): A2aTaskState | undefined {
  const text = readTextParam(params, field);
  if (text === undefined || text === 'TASK_STATE_UNSPECIFIED') return undefined;
  const state = taskStates.find((each) => `TASK_STATE_${each}` === text);
  if (state !== undefined) return state;
  throw toInvalidParam(field, `must be one of ${taskStates.map((each) => `TASK_STATE_${each}`).join(', ')}`);
}

/** Returns the problem of a field. */
export function toInvalidParam(field: string, must: string): A2aProblem {
  return new A2aProblem('INVALID_PARAMS', `"${field}" ${must}.`, field);
}
