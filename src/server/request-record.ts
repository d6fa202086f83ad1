import type { RefusalCode } from '../protocol/index.ts';

/** A request for the log: its route and its result, and none of its content. */
export interface RequestRecord {
  readonly method: string;
  /**
   * The route's pattern, such as `/stream/:session`. The URL itself is left out, because it may contain a
   * prompt, a ticket or a link.
   */
  readonly route?: string;
  readonly status: number;
  /** The code of the refusal, if it is one. */
  readonly code?: RefusalCode;
  /** The time until the head of the response, in milliseconds. */
  readonly ms: number;
  readonly owner?: string;
  readonly session?: string;
  readonly address?: string;
}

/** The facts about a request that become known while it is answered. */
export type RequestFacts = { -readonly [Each in 'route' | 'owner' | 'session' | 'address']?: string };
