import type { RefusalCode } from '../protocol/index.ts';

/** A request as a log may have it: where it went and what became of it, and nothing that it said. */
export interface RequestRecord {
  readonly method: string;
  /** The route's pattern, as `/stream/:session`; the URL itself is not here: it may hold a prompt, a ticket or a link. */
  readonly route?: string;
  readonly status: number;
  /** Why it was refused, where it was. */
  readonly code?: RefusalCode;
  /** Until the head of the answer, in milliseconds. */
  readonly ms: number;
  readonly owner?: string;
  readonly session?: string;
  readonly address?: string;
}

/** What is found out about a request while it is answered. */
export type RequestFacts = { -readonly [Each in 'route' | 'owner' | 'session' | 'address']?: string };
