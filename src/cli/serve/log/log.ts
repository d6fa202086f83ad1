import type { ServerOptions } from 'heddle/server';

/** Where it is written what happens while Heddle serves. Nothing of it waits or throws. */
export interface Log {
  readonly hooks: Required<Pick<ServerOptions, 'onError' | 'onWarning'>> & Pick<ServerOptions, 'onAnswer'>;
  /** How things are. */
  say(text: string): void;
  /** What somebody should look at. */
  warn(text: string): void;
  /** Resolves with whether all was written; its reader has a second for that. */
  end(): Promise<boolean>;
}
