import type { TextPiece } from './piece.ts';
import type { Defined } from './read.ts';

/** The definitions that a text refers to. */
export interface Known extends Defined {
  readonly targets: ReadonlyMap<string, string>;
}

export const unknown: Known = { links: [], notes: [], targets: new Map() };

/** The inputs from which `known` was computed for a text. */
export interface Asked {
  readonly pieces: readonly TextPiece[];
  readonly targets: ReadonlyMap<string, string>;
  readonly noteIds: ReadonlyMap<string, true>;
}
