import type { McpCall } from './call.ts';
import { isMcpId, toRecord } from './rpc.ts';
import type { McpId } from './rpc.ts';
import { primedVersion } from './versions.ts';

/** The facts of a request that decide the frames of its answer. */
export interface McpStream {
  readonly id: McpId;
  readonly progress?: McpId;
  readonly era: McpCall['era'];
  /** The client can ask its user. */
  readonly elicits: boolean;
  /** The stream begins with an event that has only an id. */
  readonly primed: boolean;
  /** The client's own name of the conversation, if it gave one. */
  readonly thread?: string;
}

/** A place in a stream, from which a client goes on. */
export interface McpPlace {
  readonly session: string;
  readonly turn: string;
  /** How many frames the client has. */
  readonly frames: number;
  readonly variant: string;
}

/**
 * The revision of the frames. Clients that began with `initialize` count them. So a change of the frames of
 * any entry raises the revision.
 */
export const mcpRevision = 1;

/** Returns what an answer's frames depend on. */
export function toMcpStream({ id = 0, progress, era, elicits, version, params }: McpCall): McpStream {
  const primed = era === 'legacy' && version >= primedVersion;
  const { thread } = toRecord(params['arguments']);
  return {
    id,
    era,
    elicits,
    primed,
    ...(progress !== undefined && { progress }),
    ...(typeof thread === 'string' && thread !== '' && { thread }),
  };
}

/** Writes the facts of a stream as the variant of its exchange. */
export function toMcpVariant({ id, progress, era, elicits, primed, thread }: McpStream): string {
  const flags = `${era}${elicits ? '+form' : ''}${primed ? '+primed' : ''}`;
  return JSON.stringify([id, flags, progress ?? null, thread ?? null]);
}

/** Reads a variant. Returns undefined for one that no request has. */
export function fromMcpVariant(variant: string | undefined): McpStream | undefined {
  const [id, flags, progress, thread]: readonly unknown[] = parseList(variant);
  if (!isMcpId(id) || typeof flags !== 'string') return undefined;
  const [era, ...more] = flags.split('+');
  if (era !== 'modern' && era !== 'legacy') return undefined;
  return {
    id,
    era,
    elicits: more.includes('form'),
    primed: more.includes('primed'),
    ...(isMcpId(progress) && { progress }),
    ...(typeof thread === 'string' && { thread }),
  };
}

function parseList(text: string | undefined): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** Returns the id of a frame: it names the stream, and how many frames a client with it has. */
export function toMcpFrameId({ session, turn, frames, variant }: McpPlace): string {
  return `${mcpRevision}.${session}.${turn}.${frames}.${encodeURIComponent(variant)}`;
}

/**
 * Reads the id of a frame. Returns undefined for any other text. After the id of another revision all frames
 * are sent again: the client waits for the last one.
 */
export function fromMcpFrameId(text: string): McpPlace | undefined {
  const match = /^(\d{1,6})\.([\w-]{1,64})\.([A-Za-z0-9]{16})\.(\d{1,8})\.(.{1,6000})$/.exec(text);
  if (match === null) return undefined;
  const [, revision, session = '', turn = '', frames, encoded = ''] = match;
  try {
    const variant = decodeURIComponent(encoded);
    if (fromMcpVariant(variant) === undefined) return undefined;
    return { session, turn, variant, frames: Number(revision) === mcpRevision ? Number(frames) : 0 };
  } catch {
    return undefined;
  }
}
