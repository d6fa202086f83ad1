/** A request, as much of it as the server needs: so that no socket is needed to test it, and any runtime can bring one. */
export interface ServerRequest {
  readonly method: string;
  /** The path below the place where the server is mounted, with its leading slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The address at the other end of the connection, where the runtime tells it. */
  readonly address?: string | undefined;
  /**
   * What a framework has taken off the path before it called, as Express does below `app.use('/agent', …)`.
   * @default ''
   */
  readonly mount?: string;
  /** Aborted when whoever asks has gone, where the runtime tells it. */
  readonly gone?: AbortSignal | undefined;
  /** A header's value by its lower-case name; several are joined by ", ". */
  header(name: string): string | undefined;
  /**
   * The body. Rejects with a RefusalError: `too_large` where it is longer than `limit` bytes, `malformed`
   * where it broke off.
   */
  body(limit: number): Promise<Uint8Array>;
}
