/** A text from outside for one line of a terminal: what would move the cursor, set a colour or begin a line is shown and not done. */
export function toVisible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
