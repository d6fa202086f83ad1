/** The part of `fetch` that the client uses, so that a wrapper, a test or a server in the same process can stand in for it. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** A redirect could carry credentials and prompts to another host. `error` would do, but not in Workers. */
  readonly redirect: 'manual' | 'follow';
  readonly cache: 'no-store';
}

export interface FetchResponse {
  /** Where the answer came from, after redirects. */
  readonly url?: string;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Missing in React Native. */
  readonly body?: ByteSource | null;
  text(): Promise<string>;
}

/** The part of a byte `ReadableStream` that the client uses: Safari gave it async iteration only lately. */
export interface ByteSource {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}
