import type { Preface } from '../dialects/index.ts';
import type { Entry } from '../protocol/index.ts';
import type { ChannelKey } from './channel-key.ts';
import type { ClientPlace } from './client-frames.ts';

/**
 * A stream to start. A client of an exchange may name its place by a count of frames, `skip`. If it has
 * counted more frames than there are, it gets the frames that come after that number.
 */
export interface ReaderOptions extends ChannelKey, ClientPlace {
  /** Begins with the folded state instead of the entries that it was made of. Not for exchanges. */
  readonly fromState?: boolean;
  /** Frames that come first. They carry no ids. With `ends`, the stream ends properly after them. */
  readonly preface?: Preface | undefined;
  /**
   * The entries of the request, for a one-shot stream or an exchange. They are sent at once, so that a client
   * that reconnects knows the session from its first frame on. If the client has frames already, if a preface
   * comes first, or if the exchange begins with earlier entries, they are read from the log.
   */
  readonly opening?: readonly Entry[] | undefined;
}
