import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
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

/** Returns the URL that a reference points to; an empty string when it has none. */
export function targetOf(reference: { readonly identifier: string }, { targets }: TextDefinitions): string {
  return targets.get(normalizeIdentifier(reference.identifier)) ?? '';
}
