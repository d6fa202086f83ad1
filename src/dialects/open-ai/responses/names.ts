/**
 * Counts the changes of the frames that entries project to. Clients go on by the number of a frame
 * (`starting_after`), so a stream that one release began and another goes on with must have the same frames.
 * Raise it with every change of them.
 */
export const responsesRevision = 1;

/** The turn that a response shows, and the revision of the frames that its client has counted. */
export interface ResponseName {
  readonly session: string;
  readonly turn: string;
  readonly revision: number;
}

/** Returns the id of the response that shows a turn: `resp_<session>.<turn>.<revision>`. */
export function toResponseId({ session, turn }: Pick<ResponseName, 'session' | 'turn'>): string {
  return `resp_${session}.${turn}.${responsesRevision}`;
}

/** Reads the id of a response; undefined for any other text. */
export function parseResponseId(id: string): ResponseName | undefined {
  const [, session, turn, revision] =
    /^resp_([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,64})\.(\d{1,6})$/.exec(id) ?? [];
  if (session === undefined || turn === undefined) return undefined;
  return { session, turn, revision: Number(revision) };
}

/** Returns the id of the item that asks for an approval: `mcpr_<session>.<approval>`, percent-encoded. */
export function toApprovalItemId(session: string, approval: string): string {
  return `mcpr_${session}.${encodeURIComponent(approval.toWellFormed())}`;
}

/** Reads the id of an item that asks for an approval; undefined for any other text. */
export function parseApprovalItemId(
  id: string,
): { readonly session: string; readonly approval: string } | undefined {
  const [, session, approval] = /^mcpr_([A-Za-z0-9_-]{1,64})\.(.+)$/.exec(id) ?? [];
  if (session === undefined || approval === undefined) return undefined;
  try {
    return { session, approval: decodeURIComponent(approval) };
  } catch {
    // Not percent-encoded as this module does it.
    return undefined;
  }
}
