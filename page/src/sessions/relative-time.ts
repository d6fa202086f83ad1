import { strings } from '../strings/strings.ts';

const steps = [
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
] as const;
const weekMs = 7 * 86_400_000;

/** Returns how long ago a time was, in short form: “now”, “5 min. ago”. After a week it is the date. */
export function relativeTime(at: number, now: number, language: string = strings.language): string {
  const ago = now - at;
  if (ago >= weekMs) {
    return new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' }).format(at);
  }
  const step = steps.findLast(([, ms]) => ago >= ms);
  if (step === undefined) return strings.justNow;
  const [unit, ms] = step;
  const format = new Intl.RelativeTimeFormat(language, { style: 'narrow', numeric: 'auto' });
  return format.format(-Math.floor(ago / ms), unit);
}
