/** The times of a request, in milliseconds. */
export interface TransportTimes {
  /** How long the headers of a response may take. */
  readonly headersMs: number;
  /** The wait before the second try. The wait before the third is twice as long. */
  readonly retryMs: number;
  /** The longest wait that a `Retry-After` may ask for. With a longer one the turn fails at once. */
  readonly longestRetryMs: number;
}
