import type { Readable } from 'node:stream';

/** A request of the doctor. */
export interface DoctorRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The path and the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long the headers of the response may take, in milliseconds. */
  readonly withinMs: number;
  /** Gives the request up. */
  readonly signal?: AbortSignal;
}

/** A response whose body is still on its way. */
export interface DoctorResponse {
  readonly status: number;
  /** Several values of one name are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** When the request was sent, in milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** The time from the request to the headers. */
  readonly headersMs: number;
  readonly body: Readable;
  /** Returns whether the body broke off. It is known when the body is closed. */
  isCut(): boolean;
  /** Leaves without a word, as a browser does whose tab is closed. */
  leave(): void;
}

/** The time for an answer is over. */
export class NoAnswerError extends Error {
  constructor(withinMs: number) {
    super(`no answer within ${Number((withinMs / 1000).toFixed(1))} s`);
  }
}

/** Joins the values of headers. */
export function toPlainHeaders(
  headers: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : String(value)]],
    ),
  );
}
