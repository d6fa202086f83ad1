/** The parts of a request that the server needs. Tests need no socket, and any runtime can provide one. */
export interface ServerRequest {
  readonly method: string;
  /** The path below the mount point of the server, with its leading slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The address at the other end of the connection, if the runtime provides it. */
  readonly address?: string | undefined;
  /**
   * The part of the path that a framework removed before it called, as Express does below
   * `app.use('/agent', …)`.
   * @default ''
   */
  readonly mount?: string;
  /** Whether the connection is encrypted, as far as the runtime reports it. */
  readonly isSecure?: boolean;
  /** Aborted when the client leaves, if the runtime reports it. */
  readonly gone?: AbortSignal | undefined;
  /** Returns a header's value by its lower-case name. Several values are joined by ", ". */
  header(name: string): string | undefined;
  /**
   * Reads the body. Rejects with a RefusalError: `too_large` if it is longer than `limit` bytes, `malformed`
   * if it breaks off.
   */
  body(limit: number): Promise<Uint8Array>;
}
