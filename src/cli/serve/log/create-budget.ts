import { redact } from '../../redact.ts';

/** The space left for the texts of one log line. */
export interface Budget {
  /** Reserves 100 characters for one more object with texts. Returns false when there is no space. */
  enter(): boolean;
  /**
   * Returns a text without the passwords of its URLs, cut to `most` characters and to the space left. A cut
   * text ends with a note about the cut.
   */
  take(text: string, most: number): string;
}

/** Creates a budget of so many characters, counted as they are written. */
export function createBudget(characters: number): Budget {
  let left = characters;
  return {
    enter() {
      left -= 100;
      return left > 0;
    },
    take(text, most) {
      // Redacts more than it keeps: a password that the cut goes through would not be recognised.
      const whole = redact(text.slice(0, most + 2_000));
      let kept = whole.slice(0, most);
      while (kept !== '' && toCost(kept) > left) kept = kept.slice(0, Math.floor(kept.length / 2));
      left -= toCost(kept);
      return kept === whole ? kept : `${kept.toWellFormed()} … (of ${text.length} characters)`;
    },
  };
}

/**
 * Returns the most that a text takes when written. Characters that move the cursor or change the text
 * direction are escaped there.
 */
function toCost(text: string): number {
  const escaped = text.match(/[\p{Cc}\p{Cf}\u2028\u2029]/gu)?.length ?? 0;
  return Buffer.byteLength(JSON.stringify(text)) + 10 * escaped;
}
