/**
 * The longest delay of a JavaScript timer, in milliseconds: 24.8 days. A timer with a longer delay fires at
 * once.
 */
export const maxTimerMs: number = 2 ** 31 - 1;

/** The numbers that an option takes. */
export interface Takes {
  /** @default 0 */
  readonly least?: number;
  /** @default the largest whole number that is exact */
  readonly most?: number;
  /** Whether the option takes whole numbers only. @default false */
  readonly whole?: boolean;
  /** The meaning of `Infinity`, for example `for no limit`. Without this field, `Infinity` is not taken. */
  readonly infinity?: string;
  /** The number that replaces `Infinity`, for an option that sets a timer or a date. @default Infinity */
  readonly infinityIs?: number;
}

/** The range of an option that sets a timer, in milliseconds. */
export const timerRange: Takes = { least: 1, most: maxTimerMs };
/** The same range, with `Infinity` for no timer: it becomes a delay of 24.8 days. */
export const timerOrNever: Takes = { ...timerRange, infinity: 'for never', infinityIs: maxTimerMs };

/**
 * Returns a numeric option, or undefined if it is left out. Throws a TypeError that names the option, its
 * value, and the values it takes. NaN, Infinity and negative numbers pass most comparisons the wrong way, and
 * a timer with a delay of more than 24.8 days fires at once.
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

/**
 * Checks the numbers among options, each as `checkNumber` does. Returns the options with `Infinity` replaced
 * where `infinityIs` says so. `of` is a prefix for the option names in errors.
 */
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

/** Describes a value of any type: callers without types may pass anything. */
function toWords(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  return typeof value === 'number' || typeof value === 'bigint' || value === null
    ? String(value)
    : `what is of the type ${typeof value}`;
}
