import { isRecord, parseShallow } from '../../protocol/internal.ts';
import type { DialectRequest } from '../dialect-route.ts';

export type A2aVersion = '1.0' | '0.3';

/** The id of a JSON-RPC request, which comes back with its answers. */
export type A2aRpcId = string | number | null;

/** How the other side speaks: its version and its binding. */
export interface A2aPeer {
  readonly version: A2aVersion;
  /** Present for JSON-RPC. Without it, the binding is HTTP+JSON. */
  readonly rpc?: { readonly id: A2aRpcId };
}

/**
 * Returns the version of a request, without the number of its patch; undefined for a version that is not
 * served. A request that names none is of version 0.3, as the specification says.
 */
export function readA2aVersion({ header, query }: DialectRequest): A2aVersion | undefined {
  const named = header('a2a-version')?.trim() || query.get('A2A-Version')?.trim() || '0.3';
  const [, version] = /^(1\.0|0\.3)(?:\.\d+)?$/.exec(named) ?? [];
  return version === '1.0' || version === '0.3' ? version : undefined;
}

/** The choices of a client that change the frames of its stream. */
export interface StreamChoice extends A2aPeer {
  /** The first frame has no history. */
  readonly isBrief?: true;
}

/** Returns the name of the choices. Readers of one variant share their text. */
export function toA2aVariant({ version, rpc, isBrief }: StreamChoice): string {
  return JSON.stringify([version, rpc ?? null, isBrief ?? null]);
}

/** Reads the choices. Without a variant, they are those of HTTP+JSON. */
export function fromA2aVariant(variant: string | undefined): StreamChoice {
  const [version, rpc, isBrief] = listOf(variant === undefined ? undefined : parseShallow(variant));
  const id = isRecord(rpc) ? rpc['id'] : undefined;
  return {
    version: version === '0.3' ? '0.3' : '1.0',
    ...(isA2aRpcId(id) && { rpc: { id } }),
    ...(isBrief === true && { isBrief }),
  };
}

/** Returns whether a value can be the id of a JSON-RPC request. */
export function isA2aRpcId(value: unknown): value is A2aRpcId {
  return value === null || typeof value === 'number' || (typeof value === 'string' && value.length <= 200);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
