/**
 * Escapes a text for one line of a terminal. Characters that would move the cursor, set a colour or start a
 * line are shown as `\u{…}`.
 */
export function toVisible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
