/**
 * A failure that the client does not recover from by itself. `code` is the server's own (`not_found`, `busy`,
 * `queue_full` … as in its problem JSON), or one of the client's:
 *
 * - `unreachable`: tried as often as allowed.
 * - `bad_request`: the request cannot be made as given.
 * - `bad_response`: the response is not what the contract says.
 * - `gap`: entries are missing and stay missing.
 * - `cut`: an answer broke off that cannot be resumed.
 * - `refused`: a status without a reason.
 */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: string;
  /** The HTTP status, if there was a response. */
  readonly status: number | undefined;
  constructor(
    code: string,
    message: string,
    options?: { readonly cause?: unknown } & { readonly status?: number },
  ) {
    super(message, options);
    this.code = code;
    this.status = options?.status;
  }
}
