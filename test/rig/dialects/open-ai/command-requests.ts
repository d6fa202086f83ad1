/** A request of a client that is no package. */
export interface OpenAiRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A program that performs requests. */
export interface OpenAiRequests {
  /**
   * Yields the JSON of the body, or of each event. Throws if the connection breaks, or the status is an
   * error.
   */
  run(request: OpenAiRequest, onSession?: (session: string) => void): AsyncGenerator;
  close(): void;
}
