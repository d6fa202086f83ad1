import type { Dialect, Exchange, Scope } from '../dialects/index.ts';

/** The session to read, and how to project it. */
export interface ChannelKey {
  readonly session: string;
  readonly dialect: Dialect;
  readonly scope: Scope;
}

/**
 * Returns a text that is the same for readers with the same frames. The parts are joined by spaces: a session
 * id contains none, and JSON shows its own end.
 */
export function toChannelName({ session, dialect, scope }: ChannelKey): string {
  return `${session} ${typeof scope === 'string' ? scope : toText(scope)} ${dialect.name}`;
}

/**
 * Names the fields of an exchange that change its frames. The session and the turn determine the others. Of
 * two readers that leave out discarded parts, the later one may leave out more of them. The first frames of
 * such a part may then be in the text of the other one, so the parts themselves are in the name.
 */
function toText({ turn, thread, whole, variant, withdrawn }: Exchange): string {
  return JSON.stringify([turn, thread, whole, variant, [...(withdrawn ?? [])].toSorted()]);
}
