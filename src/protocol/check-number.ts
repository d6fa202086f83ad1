/** The longest time that a timer of JavaScript holds, in milliseconds: 24.8 days. One that is set for longer fires at once. */
export const maxTimerMs: number = 2 ** 31 - 1;

/** What an option takes that is a number. */
export interface Takes {
  /** @default 0 */
  readonly least?: number;
  /** @default the largest whole number that is exact */
  readonly most?: number;
  /** Whether it counts something. @default false */
  readonly whole?: boolean;
  /** What `Infinity` stands for, as `for no limit`; where nothing stands here it is not taken. */
  readonly infinity?: string;
  /** What `Infinity` becomes where a timer or a date has to hold it. @default Infinity */
  readonly infinityIs?: number;
}

/** What an option takes that a timer is set to, in milliseconds. */
export const timerRange: Takes = { least: 1, most: maxTimerMs };
/** The same where the timer may be left out: so long that nobody sees it end. */
export const timerOrNever: Takes = { ...timerRange, infinity: 'for never', infinityIs: maxTimerMs };

/**
 * Answers an option that is a number, or is left out. Throws a TypeError that names the option, what it is, and what it takes: NaN, Infinity and
 * negative numbers pass most comparisons the wrong way, and a timer that is set for more than 24.8 days fires at once.
 */
export function checkNumber<Value extends number | undefined>(
  name: string,
  value: Value,
  takes: Takes,
): Value | number {
  const { least = 0, most = Number.MAX_SAFE_INTEGER, whole = false, infinity, infinityIs } = takes;
  if (value === undefined) return value;
  if (value === Infinity && infinity !== undefined) return infinityIs ?? value;
  const fits = typeof value === 'number' && value >= least && value <= most;
  if (fits && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  const days = most === maxTimerMs ? ' (24.8 days)' : '';
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}${days}`;
  const endless = infinity === undefined ? '' : `, or Infinity ${infinity}`;
  throw new TypeError(`${name}: ${toWords(value)} is not taken; it takes ${kind} ${range}${endless}.`);
}

/** Checks the numbers among options, as `checkNumber` does each; answers the options with what `Infinity` becomes. `of` names what they belong to. */
export function checkNumbers<Options extends object>(
  options: Options,
  takes: { readonly [Name in keyof Options]?: Takes },
  of = '',
): Options {
  const checked = { ...options };
  for (const name of Object.keys(takes)) {
    const value: number | undefined = Reflect.get(Object(options), name);
    const each: Takes | undefined = Reflect.get(takes, name);
    if (value !== undefined && each) Reflect.set(checked, name, checkNumber(of + name, value, each));
  }
  return checked;
}

/** What came without types may be anything. */
function toWords(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  return typeof value === 'number' || typeof value === 'bigint' || value === null
    ? String(value)
    : `what is of the type ${typeof value}`;
}
