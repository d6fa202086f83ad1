import type { ServerOptions } from 'heddle/server';

/** The log of `heddle serve`. No method waits or throws. */
export interface Log {
  readonly hooks: Required<Pick<ServerOptions, 'onError' | 'onWarning'>> & Pick<ServerOptions, 'onAnswer'>;
  /** Logs status. */
  say(text: string): void;
  /** Logs something that an operator should look at. */
  warn(text: string): void;
  /** Resolves with whether everything was written within one second. */
  end(): Promise<boolean>;
}
