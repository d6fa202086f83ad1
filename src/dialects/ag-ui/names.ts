/** The variant of the dialect for clients before AG-UI 1, which do not declare a version of the protocol. */
export const before1 = '0';

/** The version of the protocol that runs declare to other clients. */
export const agUiVersion = '1.0';

/** Returns the id of the message that shows a part of a turn: text or reasoning. */
export function toPartId(turn: string, part: string): string {
  return `${turn}:${part}`;
}

/**
 * Returns the id of a tool call, and of the message that shows it. `turn` is the turn that made the call
 * first, because the names of calls are unique in a turn only.
 */
export function toCallId(turn: string, call: string): string {
  return `${turn}#${call}`;
}

/** Returns the id of the message that shows the result of a tool call. */
export function toResultId(callId: string): string {
  return `r:${callId}`;
}

/** Returns the id of an inner agent in a turn. `path` names it, outermost agent first. */
export function toSubagentId(turn: string, path: readonly string[]): string {
  // The agent may have cut a name within a pair of surrogates.
  return `${turn}@${path.map((name) => encodeURIComponent(name.toWellFormed())).join('/')}`;
}

/** Returns the id of a run: the client's own, or else one that names the turn. */
export function toRunId(session: string, turn: string, run: string | undefined): string {
  return run ?? `${session}.${turn}`;
}

/** Reads the id of a run. Returns undefined for one that a client made. */
export function fromRunId(runId: string): { readonly session: string; readonly turn: string } | undefined {
  const [, session, turn] = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9]{16})$/.exec(runId) ?? [];
  return session === undefined || turn === undefined ? undefined : { session, turn };
}
