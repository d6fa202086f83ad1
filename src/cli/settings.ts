import { frontNames } from './doctor/front/find-front.ts';
import { agentKinds } from './new/agent-kinds.ts';
import { pageFlags } from './page-flags.ts';
import type { Setting } from './setting.ts';

/** A setting that only an environment variable can set. */
interface Variable {
  readonly env: string;
  readonly help: string;
}

/** The settings of one command. */
export interface CommandSettings {
  /** The argument, for example `[agent]`, and its description. */
  readonly argument?: {
    readonly name: string;
    readonly help: string;
    readonly env?: string;
    readonly default?: string;
  };
  readonly help: string;
  readonly settings: readonly Setting[];
  readonly variables: readonly Variable[];
}

const here = 'http://127.0.0.1:8000';
const url: Setting = {
  flags: '--url <url>',
  env: 'HEDDLE_URL',
  form: 'text',
  help: 'the server',
  default: here,
};
const adminToken: Variable = { env: 'HEDDLE_TOKEN', help: 'the key or token of an admin' };

const agentHelp =
  'a module. Its default export is a function that answers (an async generator function, most often), the result of defineAgent(), or a function that makes an agent of Strands, the AI SDK, the OpenAI Agents SDK or LangGraph. Or the URL of an agent or a model (http:, https: or unix:). Without either the built-in guide answers. In place of them, `-- command args…` serves a command that speaks JSON lines (docs/agents.md)';

/** Settings of an agent behind a URL. */
const remoteSettings = [
  {
    flags: '--format <name>',
    env: 'HEDDLE_AGENT_FORMAT',
    form: ['auto', 'lines', 'openai', 'responses', 'agui', 'a2a', 'ai-sdk-ui'],
    help: 'format of the agent behind the URL; without it a prompt goes in, and the form of the answer is found out',
  },
  {
    flags: '--model <name>',
    env: 'HEDDLE_AGENT_MODEL',
    form: 'text',
    help: 'name of the model behind the URL, for the formats openai and responses',
  },
  {
    flags: '--instructions <text>',
    env: 'HEDDLE_AGENT_INSTRUCTIONS',
    form: 'text',
    help: 'instructions of the model behind the URL, for the formats openai, responses and agui',
  },
  {
    flags: '--idempotent',
    env: 'HEDDLE_AGENT_IDEMPOTENT',
    form: 'flag',
    help: 'a turn may run twice behind the URL: an answer that broke is tried again',
  },
  {
    flags: '--header <headers>',
    env: 'HEDDLE_AGENT_HEADERS',
    form: 'list',
    help: 'further headers of requests to the URL, such as x-tenant: blue',
  },
] as const satisfies readonly Setting[];

/** Settings of an agent in a process. */
const processSettings = [
  {
    flags: '--workers <count>',
    env: 'HEDDLE_WORKERS',
    form: 'count',
    help: 'how many processes of a command run, if it is not one',
  },
  {
    flags: '--acp',
    form: 'flag',
    help: 'the command after `--` is a coding agent that speaks the Agent Client Protocol (docs/agents.md)',
  },
] as const satisfies readonly Setting[];

/** Variables of agents of every kind. */
const agentVariables = [
  {
    env: 'HEDDLE_AGENT_TOKEN',
    help: 'the token for the agent or model behind the URL, sent as Authorization: Bearer',
  },
  {
    env: 'HEDDLE_MODEL',
    help: 'puts a model behind the built-in guide: openai:<model>, anthropic:<model>, google:<model> or bedrock:<model>. An agent file chooses its own',
  },
  { env: 'OPENAI_API_KEY', help: 'the key for openai:<model>' },
  { env: 'OPENAI_BASE_URL', help: 'another server with the API of OpenAI, such as Ollama' },
  { env: 'ANTHROPIC_API_KEY', help: 'the key for anthropic:<model>' },
  { env: 'ANTHROPIC_BASE_URL', help: 'another server with the API of Anthropic' },
  { env: 'GEMINI_API_KEY', help: 'the key for google:<model>; GOOGLE_API_KEY is taken as well' },
  {
    env: 'AWS_REGION',
    help: "the region for bedrock:<model>, beside AWS's own variables for credentials; AWS_DEFAULT_REGION is taken as well",
  },
  {
    env: 'HEDDLE_GUIDE_PACE_MS',
    help: 'how long the built-in guide waits after each word, from 0 to 1000 milliseconds; 30 if it is not set',
  },
] as const satisfies readonly Variable[];

/** All flags and variables. `--help` and docs/configuration.md are generated from this. */
export const commands = {
  serve: {
    help: 'serve an agent: the API and the chat page',
    argument: {
      name: '[agent]',
      help: agentHelp,
    },
    settings: [
      {
        flags: '-p, --port <port>',
        env: 'PORT',
        form: 'port',
        default: 8000,
        help: 'port to listen on; 0 for any that is free',
      },
      {
        flags: '--host <address>',
        env: 'HEDDLE_HOST',
        form: 'text',
        default: '127.0.0.1',
        help: 'address to listen on',
      },
      {
        flags: '--data <folder>',
        env: 'HEDDLE_DATA',
        form: 'text',
        default: '.heddle',
        help: 'where conversations are kept',
      },
      {
        flags: '--redis <url>',
        env: 'HEDDLE_REDIS',
        form: 'text',
        help: 'keep conversations in Redis, which any number of nodes may share; a URL with a password goes into the variable',
      },
      {
        flags: '--memory',
        env: 'HEDDLE_MEMORY',
        form: 'flag',
        help: 'keep nothing: conversations end with the process',
      },
      {
        flags: '--allow-host <names>',
        env: 'HEDDLE_ALLOW_HOST',
        form: 'list',
        help: 'further host names to answer to',
      },
      {
        flags: '--allow-origin <origins>',
        env: 'HEDDLE_ALLOW_ORIGIN',
        form: 'list',
        help: 'other origins whose pages may call',
      },
      {
        flags: '--tls-cert <file>',
        env: 'HEDDLE_TLS_CERT',
        form: 'text',
        help: 'serve HTTP/2 and HTTP/1.1 over TLS with this certificate chain (PEM); a file that changes is used again',
      },
      {
        flags: '--tls-key <file>',
        env: 'HEDDLE_TLS_KEY',
        form: 'text',
        help: 'the private key of --tls-cert (PEM)',
      },
      {
        flags: '--base-path <path>',
        env: 'HEDDLE_BASE_PATH',
        form: 'text',
        default: '',
        help: 'path prefix of all routes, such as /agent',
      },
      {
        flags: '--dialect <name>',
        env: 'HEDDLE_DIALECT',
        form: ['named', 'typed'],
        default: 'named',
        help: 'dialect of one-shot streams',
      },
      {
        flags: '--dialects <names>',
        env: 'HEDDLE_DIALECTS',
        form: 'list',
        help: "other people's clients to serve: ai-sdk, ag-ui, openai, a2a, mcp, or none (default: all; none with --insecure and no auth)",
      },
      {
        flags: '--webhooks <hosts>',
        env: 'HEDDLE_WEBHOOKS',
        form: ['public', 'named'],
        help: 'let clients of dialects register webhooks: of any public host over https, or only those of --webhook-host. Needs HEDDLE_WEBHOOK_SECRET (docs/webhooks.md)',
      },
      {
        flags: '--webhook-host <names>',
        env: 'HEDDLE_WEBHOOK_HOST',
        form: 'list',
        help: 'trusted hosts of webhooks, such as hooks.internal:8080. They may be private, and may speak http',
      },
      {
        flags: '--no-prompt-in-url',
        env: 'HEDDLE_NO_PROMPT_IN_URL',
        form: 'flag',
        help: 'switch GET /stream?prompt= off',
      },
      {
        flags: '--probe',
        env: 'HEDDLE_PROBE',
        form: 'flag',
        help: 'let any caller use the routes of `heddle doctor`; without it only admins may (docs/doctor.md)',
      },
      {
        flags: '--api-keys <file>',
        env: 'HEDDLE_API_KEYS',
        form: 'text',
        help: 'authenticate callers by API keys (SECURITY.md)',
      },
      {
        flags: '--jwt-issuer <url>',
        env: 'HEDDLE_JWT_ISSUER',
        form: 'text',
        help: 'authenticate callers by tokens of this issuer',
      },
      {
        flags: '--jwt-audience <name>',
        env: 'HEDDLE_JWT_AUDIENCE',
        form: 'text',
        help: 'the audience a token must be for',
      },
      { flags: '--jwks <url>', env: 'HEDDLE_JWKS', form: 'text', help: "where the issuer's keys are" },
      {
        flags: '--limit <limits>',
        env: 'HEDDLE_LIMIT',
        form: 'list',
        help: 'limits for one caller, such as messages=60/minute (SECURITY.md)',
      },
      {
        flags: '--trust-proxy <count>',
        env: 'HEDDLE_TRUST_PROXY',
        form: 'count',
        default: 0,
        help: 'number of reverse proxies in front that send the address of the caller',
      },
      {
        flags: '--log <form>',
        env: 'HEDDLE_LOG',
        form: ['text', 'json'],
        default: 'text',
        help: 'form of the log',
      },
      {
        flags: '--metrics <[host:]port>',
        env: 'HEDDLE_METRICS',
        form: 'address',
        help: 'answer GET /metrics for Prometheus on this port, on this machine unless it names a host',
      },
      ...remoteSettings,
      {
        flags: '--watch',
        form: 'flag',
        help: 'start again when the file of the agent, or a file that it imports, changes',
      },
      ...processSettings,
      ...pageFlags,
      {
        flags: '--insecure',
        env: 'HEDDLE_INSECURE',
        form: 'flag',
        help: 'listen beyond this machine without auth',
      },
    ],
    variables: [
      {
        env: 'HEDDLE_SECRET',
        help: 'signs tickets and links: 32 random characters or more, the same on all nodes; with commas, the newest first. Without it each process makes its own',
      },
      {
        env: 'HEDDLE_WEBHOOK_SECRET',
        help: 'signs the notices of webhooks: whsec_ and the output of `openssl rand -base64 32`, the same on all nodes; with commas, the newest first',
      },
      ...agentVariables,
    ],
  },
  new: {
    help: 'make a small project with an agent that runs at once, without a key',
    argument: { name: '[folder]', help: 'the folder, new or empty; my-agent if none is given' },
    settings: [
      {
        flags: '--agent <kind>',
        form: Object.keys(agentKinds),
        help: 'the kind of agent; without it, a question in the terminal',
      },
    ],
    variables: [],
  },
  chat: {
    help: 'talk with a server in the terminal',
    argument: { name: '[url]', env: 'HEDDLE_URL', default: here, help: 'the server' },
    settings: [{ flags: '-s, --session <id>', form: 'text', help: 'go on with an earlier session' }],
    variables: [
      { env: 'HEDDLE_TOKEN', help: 'the key or token that the server asks for' },
      { env: 'NO_COLOR', help: 'any value turns the colours of answers off' },
    ],
  },
  mcp: {
    help: 'answer a host of the Model Context Protocol that starts a process (docs/mcp.md)',
    argument: { name: '[agent]', help: agentHelp },
    settings: [
      {
        flags: '--server <url>',
        form: 'text',
        help: 'a running server in place of an agent; it must serve the dialect mcp',
      },
      {
        flags: '--data <folder>',
        env: 'HEDDLE_DATA',
        form: 'text',
        help: 'where conversations are kept; without it they end with the process',
      },
      ...remoteSettings,
      ...processSettings,
    ],
    variables: [
      { env: 'HEDDLE_TOKEN', help: 'the key or token that the server asks for' },
      ...agentVariables,
    ],
  },
  doctor: {
    help: 'find out what the network in front of a server does to its streams, and which line to change (docs/doctor.md)',
    argument: { name: '[url]', env: 'HEDDLE_URL', default: here, help: 'the server, as browsers reach it' },
    settings: [
      {
        flags: '--proxy <name>',
        form: Object.keys(frontNames),
        help: 'what stands in front, if it does not name itself',
      },
      {
        flags: '--long',
        form: 'flag',
        help: 'also find out how long silence is borne, and how long a stream lives; it takes up to 20 minutes',
      },
      {
        flags: '--any',
        form: 'flag',
        help: 'the URL is an event stream of any server, which is watched for ten seconds',
      },
      { flags: '--json', form: 'flag', help: 'print one JSON object' },
      {
        flags: '--token <token>',
        env: 'HEDDLE_TOKEN',
        form: 'text',
        help: 'a key or a token; that of an admin opens the probe route. Other users of this machine can read a command line, so prefer the variable',
      },
      { flags: '--insecure-tls', form: 'flag', help: 'go on if the certificate cannot be checked' },
    ],
    variables: [{ env: 'NO_COLOR', help: 'any value turns the colours off' }],
  },
  sessions: {
    help: 'list the sessions that are at work',
    settings: [url, { flags: '--owner <name>', form: 'text', help: 'only sessions of one owner' }],
    variables: [adminToken],
  },
  kill: {
    help: 'stop sessions: their turns, and the messages and approvals that wait in them',
    argument: { name: '[session]', help: 'the session to stop' },
    settings: [
      url,
      { flags: '--owner <name>', form: 'text', help: 'all sessions of one owner' },
      {
        flags: '--for <time>',
        form: 'text',
        help: 'block the owner as well, for 30m, 12h or 7d; 0s lets the owner in again',
      },
      { flags: '--all', form: 'flag', help: 'all sessions' },
    ],
    variables: [adminToken],
  },
} as const satisfies Readonly<Record<string, CommandSettings>>;
