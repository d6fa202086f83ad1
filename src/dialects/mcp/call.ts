import { fromBase64, isRecord, mint } from '../../protocol/internal.ts';
import type { DialectRequest } from '../dialect-route.ts';
import { isMcpId, mcpErrors, toRecord, toMcpId } from './rpc.ts';
import type { McpId } from './rpc.ts';
import { legacyVersions, modernVersions, unnamedVersion } from './versions.ts';

/** The abilities that a client has declared. */
export interface McpAbilities {
  /** It can ask its user with a form. */
  readonly elicits: boolean;
  /** It takes a task in place of a result. */
  readonly tasks: boolean;
}

/** A request or a notification of a client of MCP. */
export interface McpCall extends McpAbilities {
  /**
   * `modern`: the request says all that is needed to answer it. `legacy`: the client began with `initialize`,
   * and its session says the rest.
   */
  readonly era: 'modern' | 'legacy';
  readonly version: string;
  /** Absent for a notification. */
  readonly id?: McpId;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The token under which the client wants progress. */
  readonly progress?: McpId;
  /** The client's session, if it began with `initialize`. */
  readonly session?: string;
}

/** The reason why a call is not one. */
export interface McpMisfit {
  readonly id?: McpId;
  readonly code: number;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

const metaPrefix = 'io.modelcontextprotocol/';
export const tasksExtension: string = `${metaPrefix}tasks`;

/** Reads a request or a notification, and checks what its revision demands. */
export function readMcpCall({ body, header }: DialectRequest): McpCall | McpMisfit {
  const { jsonrpc, method, params } = body;
  const id = toMcpId(body['id']);
  const fail = (code: number, message: string, data?: McpMisfit['data']): McpMisfit => ({
    ...(id !== undefined && { id }),
    code,
    message,
    ...(data && { data }),
  });
  if (jsonrpc !== '2.0' || typeof method !== 'string')
    return fail(mcpErrors.request, 'The body must be one request or notification of JSON-RPC 2.0.');
  if ('id' in body && !isMcpId(body['id']))
    return fail(mcpErrors.request, 'The id must be a whole number, or a text of at most 128 characters.');
  if (params !== undefined && !isRecord(params)) return fail(mcpErrors.params, '"params" must be an object.');

  const fields = toRecord(params);
  const meta = toRecord(fields['_meta']);
  const named = header('mcp-protocol-version');
  const own = meta[`${metaPrefix}protocolVersion`];
  const version = typeof own === 'string' ? own : (named ?? unnamedVersion);
  const progress = toMcpId(meta['progressToken']);
  const call = {
    version,
    method,
    params: fields,
    ...(id !== undefined && { id }),
    ...(progress !== undefined && { progress }),
  };
  // A client says with this request which revision it wants, and has agreed on none.
  const begins = method === 'initialize' && own === undefined;
  if (begins || (own === undefined && legacyVersions.includes(version))) {
    const session = header('mcp-session-id');
    return {
      ...call,
      era: 'legacy',
      ...(session !== undefined && { session }),
      ...fromSessionName(session),
    };
  }
  if (!modernVersions.includes(version))
    return fail(mcpErrors.version, `The revision ${version} of MCP is not served.`, {
      supported: [...modernVersions, ...legacyVersions],
      requested: version,
    });
  // No revision defines the headers of a notification.
  const misfit = id === undefined ? undefined : checkModern(call, meta, header);
  if (misfit !== undefined) return fail(...misfit);
  return { ...call, era: 'modern', ...toMcpAbilities(meta[`${metaPrefix}clientCapabilities`]) };
}

/** Returns why a request does not have what its revision demands. */
function checkModern(
  { version, method, params }: Pick<McpCall, 'version' | 'method' | 'params'>,
  meta: Readonly<Record<string, unknown>>,
  header: DialectRequest['header'],
): readonly [number, string] | undefined {
  for (const key of ['protocolVersion', 'clientCapabilities'])
    if (!(`${metaPrefix}${key}` in meta))
      return [mcpErrors.params, `"_meta" must have "${metaPrefix}${key}".`];
  if (!isRecord(meta[`${metaPrefix}clientCapabilities`]))
    return [mcpErrors.params, `"${metaPrefix}clientCapabilities" must be an object.`];
  const named = [
    ['MCP-Protocol-Version', version],
    ['Mcp-Method', method],
    ['Mcp-Name', method === 'tools/call' ? params['name'] : undefined],
    ['Mcp-Name', method.startsWith('tasks/') ? params['taskId'] : undefined],
  ] as const;
  for (const [name, value] of named) {
    if (typeof value !== 'string') continue;
    const given = header(name.toLowerCase());
    if (given === undefined) return [mcpErrors.headers, `The header ${name} is missing.`];
    if (fromHeader(given) !== value)
      return [mcpErrors.headers, `The header ${name} is not the same as in the body.`];
  }
  return undefined;
}

/** Decodes the value of a header, which is base64 if it has other characters than ASCII. */
function fromHeader(value: string): string | undefined {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (encoded === undefined) return value;
  try {
    return new TextDecoder().decode(fromBase64(encoded));
  } catch {
    return undefined;
  }
}

/** Reads the abilities that a client declares. */
export function toMcpAbilities(capabilities: unknown): McpAbilities {
  const { elicitation, extensions } = toRecord(capabilities);
  // A client that only opens URLs cannot ask with a form. Without either, a form is meant.
  const elicits = isRecord(elicitation) && ('form' in elicitation || !('url' in elicitation));
  return { elicits, tasks: tasksExtension in toRecord(extensions) };
}

/**
 * Creates the name of the session of a client that begins with `initialize`. The name keeps what the client
 * has declared, so no node has to remember it. A client that changes the name declares something else about
 * itself.
 */
export function toMcpSessionName({ elicits }: McpAbilities): string {
  return `${mint(22)}${elicits ? '.form' : ''}`;
}

function fromSessionName(session: string | undefined): McpAbilities {
  return { elicits: session?.endsWith('.form') === true, tasks: false };
}
