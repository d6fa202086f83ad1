import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { isRecord } from 'heddle';
import { packageRoot } from './package-root.ts';
import type { AdminOptions } from './admin/ask-admin.ts';
import type { KillOptions } from './admin/kill.ts';
import type { Address } from './serve/metrics/listen.ts';
import type { ServeOptions } from './serve/serve.ts';
import { tellExit } from './tell-exit.ts';

/** The `heddle` command: what it takes, from flags first and the environment second. */
export function createProgram(): Command {
  const program = new Command('heddle')
    .description('Streams what AI agents say to the people who wait for it.')
    .version(readVersion())
    .showHelpAfterError('(heddle --help tells all)');

  program
    .command('serve')
    .description('serve an agent: the API and the chat page')
    .argument('[agent]', agentHelp)
    .addOption(option('-p, --port <port>', 'port to listen on', 'PORT').default(8000).argParser(toPort))
    .addOption(option('--host <address>', 'address to listen on', 'HEDDLE_HOST').default('127.0.0.1'))
    .addOption(option('--data <folder>', 'where conversations are kept', 'HEDDLE_DATA').default('.heddle'))
    .addOption(
      option(
        '--redis <url>',
        'keep conversations in Redis, which any number of nodes may share',
        'HEDDLE_REDIS',
      ),
    )
    .addOption(option('--memory', 'keep nothing: conversations end with the process', 'HEDDLE_MEMORY'))
    .addOption(
      list('--allow-host <names>', 'further host names to answer to, with commas', 'HEDDLE_ALLOW_HOST'),
    )
    .addOption(list('--allow-origin <origins>', 'other origins whose pages may call', 'HEDDLE_ALLOW_ORIGIN'))
    .addOption(option('--base-path <path>', 'path the server stands under', 'HEDDLE_BASE_PATH').default(''))
    .addOption(
      option('--dialect <name>', 'dialect of one-shot streams', 'HEDDLE_DIALECT')
        .choices(['named', 'typed'])
        .default('named'),
    )
    .addOption(option('--no-prompt-in-url', 'switch GET /stream?prompt= off', 'HEDDLE_NO_PROMPT_IN_URL'))
    .addOption(option('--api-keys <file>', 'ask callers for a key (SECURITY.md)', 'HEDDLE_API_KEYS'))
    .addOption(option('--jwt-issuer <url>', 'ask callers for a token of this issuer', 'HEDDLE_JWT_ISSUER'))
    .addOption(option('--jwt-audience <name>', 'whom a token must be for', 'HEDDLE_JWT_AUDIENCE'))
    .addOption(option('--jwks <url>', "where the issuer's keys are", 'HEDDLE_JWKS'))
    .addOption(
      list('--limit <limits>', 'how much one caller may take, as messages=60/minute', 'HEDDLE_LIMIT'),
    )
    .addOption(
      option('--trust-proxy <count>', 'proxies in front that tell the address', 'HEDDLE_TRUST_PROXY')
        .default(0)
        .argParser(toCount),
    )
    .addOption(
      option('--log <form>', 'what is written while it serves', 'HEDDLE_LOG')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addOption(
      option(
        '--metrics <[host:]port>',
        'answer GET /metrics for Prometheus there, on this machine unless it names a host',
        'HEDDLE_METRICS',
      ).argParser(toAddress),
    )
    .addOption(
      option(
        '--insecure',
        'listen beyond this machine although nobody is asked who they are',
        'HEDDLE_INSECURE',
      ),
    )
    .addHelpText('after', modelHelp + secretHelp)
    .action(async (agent: string | undefined, options: ServeOptions) => {
      const { serve } = await import('./serve/serve.ts');
      await serve(agent, options);
    });

  program
    .command('chat')
    .description('talk with a server in the terminal; HEDDLE_TOKEN tells it who you are')
    .argument('[url]', 'the server', 'http://127.0.0.1:8000')
    .option('-s, --session <id>', 'go on with an earlier session')
    .action(async (url: string, options: { readonly session?: string }) => {
      const { chat } = await import('./chat/index.ts');
      process.exitCode = await chat(url, options);
    });

  program
    .command('sessions')
    .description('list the sessions that are at work; HEDDLE_TOKEN is the key or token of an admin')
    .addOption(url())
    .option('--owner <name>', 'only those of one owner')
    .action(async (options: AdminOptions & { readonly owner?: string }) => {
      const { sessions } = await import('./admin/sessions.ts');
      await tellExit(() => sessions(options));
    });

  program
    .command('kill')
    .description(
      'stop sessions: their turns, and what waits in them; HEDDLE_TOKEN is the key or token of an admin',
    )
    .argument('[session]', 'the one to stop')
    .addOption(url())
    .option('--owner <name>', 'all of one owner')
    .option('--for <time>', 'keep the owner out as well, for 30m, 12h or 7d; 0s lets them in again')
    .option('--all', 'all there are')
    .action(async (session: string | undefined, options: KillOptions) => {
      const { kill } = await import('./admin/kill.ts');
      await tellExit(() => kill(session, options));
    });
  return program;
}

function url(): Option {
  return option('--url <url>', 'the server', 'HEDDLE_URL').default('http://127.0.0.1:8000');
}

const agentHelp =
  'a module whose default export is an async generator function, a factory for a Strands agent, or what defineAgent() gives; ' +
  'without it the built-in guide answers';

const secretHelp = `
HEDDLE_SECRET signs tickets and links: 32 random characters or more, the same on all nodes; with commas, the newest first.
`;

const modelHelp = `
The built-in guide works offline. To put a model behind it:
  HEDDLE_MODEL=openai:<model>      with OPENAI_API_KEY; OPENAI_BASE_URL for Ollama and others
  HEDDLE_MODEL=anthropic:<model>   with ANTHROPIC_API_KEY
  HEDDLE_MODEL=google:<model>      with GEMINI_API_KEY
  HEDDLE_MODEL=bedrock:<model>     with AWS's own variables
`;

function option(flags: string, description: string, env: string): Option {
  return new Option(flags, description).env(env);
}

function list(flags: string, description: string, env: string): Option {
  return option(flags, description, env)
    .default([])
    .argParser((text: string) => text.split(',').flatMap((item) => item.trim() || []));
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || text.trim() === '') {
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  }
  return port;
}

/** `9464`, `0.0.0.0:9464` or `[::1]:9464`. */
function toAddress(text: string): Address {
  const [, host, port = ''] = /^(?:\[?([^\]]+)\]?:)?(\d+)$/.exec(text) ?? [];
  return { host: host ?? '127.0.0.1', port: toPort(port) };
}

function toCount(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError('That is a whole number.');
  return Number(text);
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  return isRecord(manifest) ? String(manifest['version']) : '';
}
