import { tasksExtension, toMcpAbilities, toMcpSessionName } from './call.ts';
import type { McpCall } from './call.ts';
import { agreeOnVersion, legacyVersions, modernVersions } from './versions.ts';

/** The server as it tells about itself, and its tool. */
export interface McpServerInfo {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

/** The name of the tool that asks the agent. */
export const askTool = 'ask';

/** How long a client may keep what a server tells about itself, in milliseconds. */
const ttlMs = 300_000;

type Result = Readonly<Record<string, unknown>>;

/** Adds who answered to a result of a modern request. */
export function withMcpServerInfo({ name, title, version }: McpServerInfo, result: Result): Result {
  return { ...result, _meta: { 'io.modelcontextprotocol/serverInfo': { name, title, version } } };
}

/** Returns the result of `initialize`, and the name of the session that begins. */
export function toInitialized(
  info: McpServerInfo,
  { params }: McpCall,
): { readonly result: Result; readonly session: string } {
  const { name, title, version } = info;
  const abilities = toMcpAbilities(params['capabilities']);
  return {
    session: toMcpSessionName(abilities),
    result: {
      protocolVersion: agreeOnVersion(params['protocolVersion']),
      capabilities: { tools: {} },
      serverInfo: { name, title, version },
      instructions: toInstructions(info),
    },
  };
}

/** Returns the result of `server/discover`. */
export function toDiscovered(info: McpServerInfo): Result {
  return {
    resultType: 'complete',
    supportedVersions: [...modernVersions, ...legacyVersions],
    capabilities: { tools: {}, extensions: { [tasksExtension]: {} } },
    instructions: toInstructions(info),
    ttlMs,
    cacheScope: 'public',
  };
}

/** Returns the result of `tools/list`. */
export function toToolList(info: McpServerInfo, era: McpCall['era']): Result {
  const tools = [toTool(info)];
  return era === 'legacy' ? { tools } : { resultType: 'complete', tools, ttlMs, cacheScope: 'public' };
}

function toInstructions({ description }: McpServerInfo): string {
  return `${description} The tool "${askTool}" sends one message to the agent and returns its answer. A call without a thread begins a conversation; the result names its thread, and a call with that thread goes on in it.`;
}

function toTool({ title, description }: McpServerInfo): Result {
  return {
    name: askTool,
    title,
    description,
    inputSchema: {
      type: 'object',
      properties: {
        message: { type: 'string', description: 'What the agent is asked, in plain words.' },
        thread: {
          type: 'string',
          maxLength: 200,
          description:
            'The conversation to go on with: the thread that an earlier result names, or a name of your own. Without it a new conversation begins.',
        },
      },
      required: ['message'],
    },
    outputSchema: {
      type: 'object',
      properties: {
        thread: { type: 'string', description: 'The conversation. A later call with it goes on there.' },
        status: { type: 'string', enum: ['working', 'waiting', 'done', 'failed', 'cancelled'] },
        answer: { type: 'string', description: "The agent's text." },
        error: { type: 'string', description: 'Why there is no whole answer.' },
        approvals: {
          type: 'array',
          description: 'What waits for a decision of a person.',
          items: {
            type: 'object',
            properties: { approval: { type: 'string' }, question: { type: 'string' } },
            required: ['approval', 'question'],
          },
        },
      },
      required: ['thread', 'status', 'answer'],
    },
    // The agent decides what it does.
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  };
}
