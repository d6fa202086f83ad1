import { stripVTControlCharacters } from 'node:util';

// The C0 controls except tab and line feed, then DEL and the C1 controls: a terminal takes them as commands.
// Bare CR is among them, because it lets text overwrite what stands before it.
// oxlint-disable-next-line no-control-regex
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * Removes from a text everything that a terminal would execute. Text from a model or a tool can use escape
 * sequences to move the cursor, set the title or fill the clipboard. A sequence that is cut between two
 * pieces loses its first character here, so it has no effect.
 */
export function toPrintable(text: string): string {
  return stripVTControlCharacters(text).replace(controls, '');
}
