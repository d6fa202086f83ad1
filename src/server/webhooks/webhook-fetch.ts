/**
 * Sends the request of a notice, and resolves with the status of the response. It follows no redirect and
 * does not read the body. Unless `isTrusted`, it connects to public addresses only, and rejects with an
 * AddressRefusedError before it sends anything. Rejects with the error of the connection, or with the reason
 * of the signal.
 */
export type WebhookFetch = (url: string, init: WebhookInit) => Promise<WebhookAnswer>;

export interface WebhookInit {
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Whether the operator has named this host. Its address may be private. */
  readonly isTrusted: boolean;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

/** Thrown when a host has an address that is not public. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
  constructor() {
    super('The host has an address that is not public.');
  }
}
