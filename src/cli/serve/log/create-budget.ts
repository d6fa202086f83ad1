import { redact } from '../../redact.ts';

/** Room for the texts of one line of a log. */
export interface Budget {
  /** Takes room for one more thing with texts; false where there is none. */
  enter(): boolean;
  /** A text without the passwords of its URLs, cut to so many characters and to what room is left; it says so where it was cut. */
  take(text: string, most: number): string;
}

/** Creates a budget of so many characters, as they are written. */
export function createBudget(characters: number): Budget {
  let left = characters;
  return {
    enter() {
      left -= 100;
      return left > 0;
    },
    take(text, most) {
      // Longer than what is kept: a password that the cut goes through would not be seen as one.
      const whole = redact(text.slice(0, most + 2_000));
      let kept = whole.slice(0, most);
      while (kept !== '' && toCost(kept) > left) kept = kept.slice(0, Math.floor(kept.length / 2));
      left -= toCost(kept);
      return kept === whole ? kept : `${kept.toWellFormed()} … (of ${text.length} characters)`;
    },
  };
}

/** What a text takes at most where it is written: what moves a cursor or turns the order of letters around is escaped there. */
function toCost(text: string): number {
  const escaped = text.match(/[\p{Cc}\p{Cf}\u2028\u2029]/gu)?.length ?? 0;
  return Buffer.byteLength(JSON.stringify(text)) + 10 * escaped;
}
