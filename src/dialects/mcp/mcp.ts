import type { Dialect } from '../dialect.ts';
import { readResumption, readMcpPost } from './decode.ts';
import { openMcp } from './project.ts';
import { toMcpRefusal } from './refuse.ts';

export interface McpOptions {
  /** The path of the endpoint. @default '/mcp' */
  readonly path?: string;
  /** The name of the server, as hosts list it. @default 'heddle' */
  readonly name?: string;
  /** The name that people read. @default 'Ask the agent' */
  readonly title?: string;
  /** The version of the server. @default '1.0.0' */
  readonly version?: string;
  /** A description of the agent's abilities. A host's model reads it to decide when to ask. */
  readonly description?: string;
}

/**
 * Creates the dialect for hosts of the Model Context Protocol, over Streamable HTTP: one tool `ask`. It
 * serves the revision 2026-07-28 with its Tasks extension, and the revisions that begin with `initialize`.
 */
export function mcp({
  path = '/mcp',
  name = 'heddle',
  title = 'Ask the agent',
  version = '1.0.0',
  description = 'Asks an AI agent, and returns its answer. The agent may use tools of its own.',
}: McpOptions = {}): Dialect {
  const info = { name, title, version, description };
  return {
    name: 'mcp',
    onCut: 'destroy',
    // The modern revision has no ids, and the frames of earlier ones have ids of their own.
    plain: true,
    cors: {
      allow: ['mcp-protocol-version', 'mcp-method', 'mcp-name', 'mcp-session-id', 'last-event-id'],
      expose: ['mcp-session-id'],
    },
    open: (context) => openMcp(info, context),
    routes: [
      {
        method: 'POST',
        path,
        acts: true,
        streams: true,
        decode: (request) => readMcpPost(request, info),
        refuse: (refusal, request) => toMcpRefusal(refusal, request, info),
      },
      {
        method: 'GET',
        path,
        acts: false,
        streams: true,
        decode: readResumption,
        refuse: (refusal, request) => toMcpRefusal(refusal, request, info),
      },
    ],
  };
}
