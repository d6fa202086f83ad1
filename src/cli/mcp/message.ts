import { Buffer } from 'node:buffer';
import { isRecord } from '../../protocol/internal.ts';

/** A message of JSON-RPC, as a host or a server sent it. */
export type RpcMessage = Readonly<Record<string, unknown>>;

/** The facts that an answer to `initialize` gave, and that later requests repeat. */
export interface HostSession {
  readonly name?: string;
  readonly version?: string;
}

/** Returns whether a message is a response. */
export function isResponseMessage(message: RpcMessage): boolean {
  return !('method' in message) && ('result' in message || 'error' in message);
}

/** Creates the error of a request that no server has answered. */
export function toErrorLine(id: unknown, message: string, code = -32_603): RpcMessage {
  return { jsonrpc: '2.0', ...(id !== undefined && { id }), error: { code, message } };
}

/** Returns the headers with which Streamable HTTP sends a message. */
export function toMessageHeaders(message: RpcMessage, { name, version }: HostSession): Headers {
  const headers = new Headers({
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  });
  const { method, params } = message;
  const fields = isRecord(params) ? params : {};
  const meta = isRecord(fields['_meta']) ? fields['_meta'] : {};
  const own = meta['io.modelcontextprotocol/protocolVersion'];
  if (typeof own !== 'string') {
    if (version !== undefined) headers.set('mcp-protocol-version', version);
    if (name !== undefined) headers.set('mcp-session-id', name);
    return headers;
  }
  headers.set('mcp-protocol-version', toHeader(own));
  if (typeof method === 'string') headers.set('mcp-method', toHeader(method));
  const named = fields['name'] ?? fields['uri'] ?? fields['taskId'];
  if (typeof named === 'string') headers.set('mcp-name', toHeader(named));
  return headers;
}

/** Encodes a text that no header can carry as it is. */
function toHeader(text: string): string {
  if (/^(?! )[\x20-\x7E]*(?<! )$/.test(text) && !text.startsWith('=?base64?')) return text;
  return `=?base64?${Buffer.from(text).toString('base64')}?=`;
}
