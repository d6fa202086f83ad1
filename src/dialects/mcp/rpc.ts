import { isRecord } from '../../protocol/internal.ts';

/** The id of a request of JSON-RPC, or the token of its progress. */
export type McpId = string | number;

/** One message of JSON-RPC, as it is sent. */
export type McpMessage = Readonly<Record<string, unknown>> & { readonly jsonrpc: '2.0' };

/** The codes of errors: those of JSON-RPC, and those that MCP defines. */
export const mcpErrors = {
  parse: -32_700,
  request: -32_600,
  method: -32_601,
  params: -32_602,
  internal: -32_603,
  headers: -32_020,
  ability: -32_021,
  version: -32_022,
} as const;

/** The longest id, in characters. It is repeated in each frame. */
const maxId = 128;

/** Returns whether a value can be the id of a request. MCP forbids `null`. */
export function isMcpId(value: unknown): value is McpId {
  return typeof value === 'string' ? value.length <= maxId : Number.isSafeInteger(value);
}

/** Returns a value if it can be an id. */
export function toMcpId(value: unknown): McpId | undefined {
  return isMcpId(value) ? value : undefined;
}

/** Creates the response to a request. */
export function toMcpResult(id: McpId, result: unknown): McpMessage {
  return { jsonrpc: '2.0', id, result };
}

/** Creates the error of a request. Without an id, the request could not be read. */
export function toMcpError(
  id: McpId | undefined,
  code: number,
  message: string,
  data?: Readonly<Record<string, unknown>>,
): McpMessage {
  const error = { code, message, ...(data !== undefined && { data }) };
  return { jsonrpc: '2.0', ...(id !== undefined && { id }), error };
}

/** Creates a notification, or a request of the server if it has an id. */
export function toMcpRequest(
  method: string,
  params: Readonly<Record<string, unknown>>,
  id?: string,
): McpMessage {
  return { jsonrpc: '2.0', ...(id !== undefined && { id }), method, params };
}

/** Returns a record, or an empty one in place of any other value. */
export function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
