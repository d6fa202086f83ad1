import type { TextPiece } from './piece.ts';
import type { Defined } from './read.ts';

/** What is defined of that which a text refers to. */
export interface Known extends Defined {
  readonly targets: ReadonlyMap<string, string>;
}

export const unknown: Known = { links: [], notes: [], targets: new Map() };

/** What was looked at when it was told what is known to a text. */
export interface Asked {
  readonly pieces: readonly TextPiece[];
  readonly targets: ReadonlyMap<string, string>;
  readonly noteIds: ReadonlyMap<string, true>;
}
