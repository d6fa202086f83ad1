/** The part of `fetch` that is used. The global one fits. */
export type RemoteFetch = (url: string, init: RemoteInit) => Promise<RemoteResponse>;

export interface RemoteInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** A redirect is not followed: the credentials would go along. */
  readonly redirect: 'manual';
}

export interface RemoteResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: RemoteBody | null;
}

/** The part of a `ReadableStream` of bytes that is used. */
export interface RemoteBody {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}
