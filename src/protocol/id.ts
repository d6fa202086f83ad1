/** The id of an entry: `<seq>-<tag>`. ASCII, and under 128 bytes even with its suffixes on the wire. */
export type EntryId = string;

/** An id as a client sends it back: the entry, and how many of its frames the client has. */
export interface WireId {
  readonly id: EntryId;
  readonly seq: number;
  /** The index of the last frame received of this entry, if more of its frames were still to come. */
  readonly frame?: number;
  /** The session, on streams whose URL does not name it. */
  readonly session?: string;
}

// No character of an id may cost a CORS preflight in Last-Event-ID. So an id has no ":" (Fetch standard,
// "CORS-safelisted request-header").
const pattern = /^([1-9][0-9]{0,14})-([A-Za-z0-9]{6})(?:~(0|[1-9][0-9]{0,3}))?(?:\.([A-Za-z0-9_-]{1,64}))?$/;

/** Joins a place in a log and the tag of the append that wrote the entry. */
export function toEntryId(seq: number, tag: string): EntryId {
  return `${seq}-${tag}`;
}

/** Returns the place of an entry in its log, counted from 1. */
export function toSeq(id: EntryId): number {
  return Number.parseInt(id, 10);
}

/**
 * Writes an id with its suffixes: `~<frame>` if more frames of the entry are still to come, and `.<session>`
 * if the URL does not name the session.
 */
export function toWireId(id: EntryId, frame: number | undefined, session: string | undefined): string {
  return (frame === undefined ? id : `${id}~${frame}`) + (session === undefined ? '' : `.${session}`);
}

/** Reads an id with its suffixes. Returns undefined if it is malformed. */
export function fromWireId(text: string): WireId | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, seq = '', tag = '', frame, session] = match;
  return {
    id: toEntryId(Number(seq), tag),
    seq: Number(seq),
    ...(frame === undefined ? undefined : { frame: Number(frame) }),
    ...(session === undefined ? undefined : { session }),
  };
}
