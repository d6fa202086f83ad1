import type { TextPiece } from './piece.ts';
import type { DefinitionIds } from './read.ts';

/** The definitions that a text refers to. */
export interface TextDefinitions extends DefinitionIds {
  readonly targets: ReadonlyMap<string, string>;
}

export const unknown: TextDefinitions = { links: [], notes: [], targets: new Map() };

/** The inputs from which `known` was computed for a text. */
export interface DefinitionInputs {
  readonly pieces: readonly TextPiece[];
  readonly targets: ReadonlyMap<string, string>;
  readonly noteIds: ReadonlyMap<string, true>;
}
