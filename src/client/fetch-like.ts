/**
 * The part of `fetch` that the client uses. A wrapper, a test or a server in this process can take its place.
 */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** A redirect could carry credentials and prompts to another host. Workers do not support `error`. */
  readonly redirect: 'manual' | 'follow';
  readonly cache: 'no-store';
}

export interface FetchResponse {
  /** The URL that sent the response, after redirects. */
  readonly url?: string;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Missing in React Native. */
  readonly body?: ByteSource | null;
  text(): Promise<string>;
}

/**
 * The part of a byte `ReadableStream` that the client uses. Only new versions of Safari have async iteration.
 */
export interface ByteSource {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}
