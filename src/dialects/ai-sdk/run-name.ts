import type { Exchange } from '../exchange.ts';
import type { AiSdkVersion } from './chunk.ts';

/**
 * Counts the changes of the frames that entries project to. Clients continue by counts of frames
 * (`?startIndex=`) and by frames within an entry (`<id>~<n>`), so a stream that one release began and another
 * goes on with must have the same frames. Raise it with every change of them.
 */
export const revision = 1;

/** A stream whose frames a client has counted. */
export interface RunName {
  readonly chat: string;
  readonly turn: string;
  readonly version: AiSdkVersion;
  readonly revision: number;
}

/** Returns the name of a stream: `<chat>~<turn>~<version>.<revision>`. It is ASCII. */
export function toRunName({ thread, session, turn, variant }: Exchange): string {
  return `${encodeURIComponent(thread ?? session)}~${turn}~${variant ?? ''}.${revision}`;
}

/** Reads the name of a stream; undefined for other names. */
export function parseRunName(name: string): RunName | undefined {
  const [, chat, turn, version, of] = /^([^/]+)~([^~]+)~([567])\.(\d+)$/.exec(name) ?? [];
  if (chat === undefined || turn === undefined || version === undefined) return undefined;
  try {
    return {
      chat: decodeURIComponent(chat),
      turn,
      version: toVersion(version) ?? 6,
      revision: Number(of),
    };
  } catch {
    // Not percent-encoded as this module does it.
    return undefined;
  }
}

/** Reads a version; undefined for other values. */
export function toVersion(value: string | undefined): AiSdkVersion | undefined {
  return ([5, 6, 7] as const).find((version) => String(version) === value);
}
