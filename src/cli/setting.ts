/**
 * The form of a setting's value. `list` has several values with commas, `texts` one a line, or one for each
 * time that the flag is given. A list of words means one of them.
 */
export type Form = 'text' | 'flag' | 'list' | 'texts' | 'port' | 'count' | 'address' | readonly string[];

/** One setting. Its flag wins over its environment variable. */
export interface Setting {
  /** For example `-p, --port <port>`. */
  readonly flags: string;
  readonly env?: string;
  readonly form: Form;
  readonly help: string;
  readonly default?: string | number;
}
