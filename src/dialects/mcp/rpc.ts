import { isRecord } from '../../protocol/internal.ts';

/** The id of a request of JSON-RPC, or the token of its progress. */
export type RpcId = string | number;

/** One message of JSON-RPC, as it is sent. */
export type RpcMessage = Readonly<Record<string, unknown>> & { readonly jsonrpc: '2.0' };

/** The codes of errors: those of JSON-RPC, and those that MCP defines. */
export const rpcErrors = {
  parse: -32_700,
  request: -32_600,
  method: -32_601,
  params: -32_602,
  internal: -32_603,
  headers: -32_020,
  version: -32_022,
} as const;

/** The longest id, in characters. It is repeated in each frame. */
const maxId = 128;

/** Returns whether a value can be the id of a request. MCP forbids `null`. */
export function isRpcId(value: unknown): value is RpcId {
  return typeof value === 'string' ? value.length <= maxId : Number.isSafeInteger(value);
}

/** Returns a value if it can be an id. */
export function toRpcId(value: unknown): RpcId | undefined {
  return isRpcId(value) ? value : undefined;
}

/** Creates the response to a request. */
export function toRpcResult(id: RpcId, result: unknown): RpcMessage {
  return { jsonrpc: '2.0', id, result };
}

/** Creates the error of a request. Without an id, the request could not be read. */
export function toRpcError(
  id: RpcId | undefined,
  code: number,
  message: string,
  data?: Readonly<Record<string, unknown>>,
): RpcMessage {
  const error = { code, message, ...(data !== undefined && { data }) };
  return { jsonrpc: '2.0', ...(id !== undefined && { id }), error };
}

/** Creates a notification, or a request of the server if it has an id. */
export function toRpcCall(
  method: string,
  params: Readonly<Record<string, unknown>>,
  id?: string,
): RpcMessage {
  return { jsonrpc: '2.0', ...(id !== undefined && { id }), method, params };
}

/** Returns a record, or an empty one in place of any other value. */
export function toFields(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
