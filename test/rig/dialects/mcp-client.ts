import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { CallToolResult, Transport } from '@modelcontextprotocol/client';
import { createCleanUp } from '../clean-up.ts';

/**
 * The two kinds of revisions: those that begin with `initialize`, and the one in which each request stands
 * alone. `auto`: the client finds out.
 */
export type McpEra = 'legacy' | 'modern' | 'auto';

/** The way in which a client's user answers a form; undefined for a client that cannot ask. */
type FormAnswer = (message: string) => {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Record<string, string | boolean>;
};

export interface McpClientOptions {
  readonly era?: McpEra;
  readonly onForm?: FormAnswer | undefined;
}

/** Connects the official client over a transport. */
export async function connectMcp(
  transport: Transport,
  { era = 'legacy', onForm }: McpClientOptions = {},
): Promise<Client> {
  const client = new Client(
    { name: 'a test', version: '1.0.0' },
    {
      capabilities: onForm === undefined ? {} : { elicitation: { form: {} } },
      versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : era },
    },
  );
  if (onForm !== undefined)
    client.setRequestHandler('elicitation/create', ({ params }) => ({ ...onForm(params.message) }));
  await client.connect(transport);
  return client;
}

export interface McpClientPlace extends McpClientOptions {
  readonly url: string;
  readonly owner?: string;
  readonly fetch?: typeof fetch;
}

/** Connects the official client over Streamable HTTP. It comes back at once after a cut. */
async function openMcpClient({
  url,
  owner = 'ada',
  fetch: given,
  ...options
}: McpClientPlace): Promise<Client> {
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${owner}` } },
    reconnectionOptions: {
      initialReconnectionDelay: 1,
      maxReconnectionDelay: 20,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 500,
    },
    ...(given && { fetch: given }),
  });
  return connectMcp(transport, options);
}

/** Returns a function that connects clients to the server at `url()`. They are closed after each test. */
export function useMcpClients(url: () => string): (options?: Partial<McpClientPlace>) => Promise<Client> {
  const cleanUp = createCleanUp();
  return async (options = {}) => {
    const client = await openMcpClient({ url: url(), ...options });
    cleanUp(() => client.close());
    return client;
  };
}

/** The result of the tool, as a host reads it. */
export interface McpAsked {
  readonly texts: readonly string[];
  readonly isError: boolean;
  readonly thread: string;
  readonly status: string;
  readonly answer: string;
}

/** Asks the agent. */
export async function askMcp(
  client: Client,
  message: string,
  { thread, ...options }: { readonly thread?: string } & Parameters<Client['callTool']>[1] = {},
): Promise<McpAsked> {
  const args = { message, ...(thread !== undefined && { thread }) };
  return toAsked(await client.callTool({ name: 'ask', arguments: args }, options));
}

function toAsked({ content, isError, structuredContent }: CallToolResult): McpAsked {
  const { thread = '', status = '', answer = '' } = Object(structuredContent);
  return {
    texts: content.map((block) => (block.type === 'text' ? block.text : block.type)),
    isError: isError === true,
    thread,
    status,
    answer,
  };
}
