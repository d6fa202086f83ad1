import { stripVTControlCharacters } from 'node:util';

// C0 but tab and line feed, DEL, C1: what a terminal takes for a command rather than a character. Bare CR is among them: it would
// let a text overwrite what stands before it.
// oxlint-disable-next-line no-control-regex
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * Takes out of a text what would act on a terminal instead of showing. Texts from a model or a tool may move the cursor, set the title or fill
 * the clipboard by escape sequences. One that is cut between two pieces loses its first character here, and so its power.
 */
export function toPrintable(text: string): string {
  return stripVTControlCharacters(text).replace(controls, '');
}
