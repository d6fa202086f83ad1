import type { DialectRoute } from '../dialect-route.ts';
import type { A2aFacts } from './a2a-objects.ts';
import { toSchemes } from './security-schemes.ts';
import type { SecurityScheme } from './security-schemes.ts';

/** An ability of the agent, for peers that choose among agents. */
export interface AgentSkill {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly examples?: readonly string[];
}

/** The facts that an agent's card tells its peers. */
export interface AgentCardOptions {
  /**
   * The URL of the server as its peers reach it, with its `basePath` but without the path of the dialect:
   * `https://chat.example.com`.
   * @default the address that the card was asked from: the request's `Host`, with `https` if the connection
   * is encrypted or `X-Forwarded-Proto` says so. No cache may store such a card
   */
  readonly url?: string;
  /** @default 'Agent' */
  readonly name?: string;
  /** @default 'An agent that answers messages.' */
  readonly description?: string;
  /** The version of the agent. @default '1' */
  readonly version?: string;
  /** @default one skill: to chat */
  readonly skills?: readonly AgentSkill[];
  /**
   * How callers authenticate, by names. Any one of the schemes is enough. The server itself does not read
   * them.
   */
  readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  readonly provider?: { readonly organization: string; readonly url: string };
  readonly documentationUrl?: string;
  readonly iconUrl?: string;
  /** The media types that the agent takes, beside text and JSON. @default [] */
  readonly inputModes?: readonly string[];
}

const chat: AgentSkill = {
  id: 'chat',
  name: 'Chat',
  description: 'Answers messages, and keeps the conversation of a context.',
  tags: ['chat'],
};

/** Seconds for which a card may be stored. */
const cardAge = 300;

/**
 * Returns the route of the agent card. It needs no auth, because a peer learns from it how to authenticate.
 */
export function toCardRoute(path: string, options: AgentCardOptions): DialectRoute {
  return {
    method: 'GET',
    path: '/.well-known/agent-card.json',
    acts: false,
    open: true,
    decode({ base = '', webhooks }) {
      const { url } = options;
      const place = `${url?.replace(/\/+$/, '') ?? base}${path}`;
      const body = toAgentCard(place, options, webhooks === true);
      const headers = url === undefined ? {} : { 'cache-control': `public, max-age=${cardAge}` };
      return { type: 'reply', reply: { body, headers } };
    },
  };
}

/**
 * Returns the card. Peers of version 1.0 read `supportedInterfaces`. Peers of version 0.3 read `url` and
 * `preferredTransport`, and leave out what they do not know, as those of 1.0 do.
 */
function toAgentCard(url: string, options: AgentCardOptions, pushNotifications: boolean): A2aFacts {
  const { name = 'Agent', description = 'An agent that answers messages.', version = '1' } = options;
  const { skills = [chat], securitySchemes, provider, documentationUrl, iconUrl, inputModes = [] } = options;
  const schemes = Object.keys(securitySchemes ?? {});
  return {
    name,
    description,
    version,
    supportedInterfaces: [
      { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      { url, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
      { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
    ],
    url,
    preferredTransport: 'JSONRPC',
    protocolVersion: '0.3.0',
    capabilities: {
      streaming: true,
      pushNotifications,
      extendedAgentCard: false,
      stateTransitionHistory: false,
    },
    supportsAuthenticatedExtendedCard: false,
    defaultInputModes: ['text/plain', 'application/json', ...inputModes],
    defaultOutputModes: ['text/plain', 'application/json'],
    skills,
    ...(securitySchemes && {
      securitySchemes: toSchemes(securitySchemes),
      securityRequirements: schemes.map((scheme) => ({ schemes: { [scheme]: { list: [] } } })),
      security: schemes.map((scheme) => ({ [scheme]: [] })),
    }),
    ...(provider && { provider }),
    ...(documentationUrl !== undefined && { documentationUrl }),
    ...(iconUrl !== undefined && { iconUrl }),
  };
}
