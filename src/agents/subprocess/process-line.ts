import { fieldsOf, toSpokenLine } from '../kit/index.ts';
import type { SpokenLine } from '../kit/index.ts';

/** A line on the standard output of an agent's process. */
export type ProcessLine =
  | { readonly type: 'ready'; readonly version: unknown; readonly turns: number }
  | { readonly type: 'spoken'; readonly turn: string; readonly line: SpokenLine }
  /** A line for a turn, of a type that is not known here. */
  | { readonly type: 'unknown' }
  /** Something else that was printed. */
  | { readonly type: 'stray' };

/** The number of turns that a process works on at a time, if its line has none. */
const usualTurns = 16;
const mostTurns = 10_000;

/** Reads a line of a process. A line that is no JSON object, or names no turn, is a stray one. */
export function toProcessLine(text: string): ProcessLine {
  const value = parse(text);
  const { type, turn, turns, version } = fieldsOf(value);
  if (typeof turn === 'string') {
    const line = toSpokenLine(value);
    return line === undefined ? { type: 'unknown' } : { type: 'spoken', turn, line };
  }
  if (type !== 'ready') return { type: 'stray' };
  const isCount = typeof turns === 'number' && Number.isInteger(turns) && turns > 0;
  return { type, version, turns: isCount ? Math.min(turns, mostTurns) : usualTurns };
}

function parse(text: string): unknown {
  // Most stray lines are prose, for which an exception would be slow.
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
