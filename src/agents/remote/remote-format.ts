import type { StartLine } from '../kit/index.ts';
import type { Heard } from './heard.ts';

/** How an upstream is asked, and how its responses are understood. A format has no state of its own. */
export interface RemoteFormat {
  /** Returns the request of a turn. */
  readonly toRequest: (asked: Asked) => RemoteRequest;
  /** Starts to listen to one response. */
  readonly listen: (asked: Asked, kind: BodyKind) => Hearer;
  /** Whether the upstream is a model: it runs no tools, and its refusals are those of a model. */
  readonly isModel?: true;
  /**
   * Returns the request that stops what the upstream does, for formats where a closed connection does not.
   */
  readonly toCancel?: (asked: Asked, memory: unknown) => RemoteRequest | undefined;
  /** The same request by other methods of the format. The next one is sent after an `unknown_method`. */
  readonly toOtherRequests?: readonly ((asked: Asked) => RemoteRequest)[];
}

/** The facts of a turn from which a request is made. */
export interface Asked {
  /** The turn, with the conversation before it, and what the format saved in the turn before. */
  readonly start: StartLine;
  readonly upstream: UpstreamFacts;
}

/** The options of `remote()` that formats use. */
export interface UpstreamFacts {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly model?: string | undefined;
  readonly instructions?: string | undefined;
}

/** A request to an upstream. Names of headers are in lower case. The body is sent as JSON. */
export interface RemoteRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** How the body of a response is cut into frames. */
export type BodyKind = 'events' | 'lines' | 'text';

/** One frame of a response. */
export interface UpstreamFrame {
  /** The name of the server-sent event; `message` if it has none, and for lines and text. */
  readonly event: string;
  readonly text: string;
  /** The text as JSON; undefined if it is none. */
  readonly json: unknown;
}

/** Understands one response. */
export interface Hearer {
  /** Returns what a frame says. Never throws, whatever the frame has. */
  hear(frame: UpstreamFrame): readonly Heard[];
  /**
   * Returns what the end of the body says. It includes `end` if the answer is complete. `isFramed` is false
   * if the body ended with its connection, which a crash of the upstream does as well.
   */
  end(isFramed: boolean): readonly Heard[];
}
