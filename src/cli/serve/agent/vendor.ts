import type { Agent } from 'heddle';

/** A library of agents that `heddle serve` has an adapter for. */
export interface Vendor {
  /** The library, in a sentence. */
  readonly name: string;
  /** The entry point of its adapter. */
  readonly door: string;
  /** The fields of a factory's context that only this adapter has. */
  readonly fields: readonly string[];
  /**
   * Fields that a function for this library may look for and that no context has, and what to write instead.
   */
  readonly instead?: Readonly<Record<string, string>>;
  /** How a function that makes an agent of this library is written. */
  readonly example: string;
  /** Whether a value that `is` accepts may work on many turns at once. */
  isShared(value: unknown): boolean;
  /**
   * Whether a value is an agent of this library. It looks at what the value has, never at the name of a
   * class.
   */
  is(value: unknown): boolean;
  /**
   * Adapts a function that makes agents of this library. Rejects if a package that it needs is not installed.
   */
  adapt(factory: unknown): Agent | Promise<Agent>;
}
