import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { isRecord } from '../protocol/internal.ts';
import type { HostOptions } from './mcp/serve-host.ts';
import { packageRoot } from './package-root.ts';
import type { AdminOptions } from './admin/ask-admin.ts';
import type { KillOptions } from './admin/kill.ts';
import type { DoctorOptions } from './doctor/doctor.ts';
import type { AgentKind } from './new/agent-kinds.ts';
import type { Address } from './serve/metrics/listen.ts';
import type { ServeOptions } from './serve/serve.ts';
import type { Form, Setting } from './setting.ts';
import { commands } from './settings.ts';
import type { CommandSettings } from './settings.ts';
import { switchOff } from './switch-off.ts';
import { tellExit } from './tell-exit.ts';

/**
 * Creates the `heddle` command. Flags win over the environment. `agentCommand` has the words after `--`.
 * Throws an ExitError when a variable cannot be read.
 */
export function createProgram(agentCommand?: readonly string[]): Command {
  const program = new Command('heddle')
    .description('Streams what AI agents say to the people who wait for it.')
    .version(readVersion())
    .showHelpAfterError('(heddle --help tells all)');

  addCommand(program, 'serve')
    // The process that --watch starts gets this option.
    .addOption(new Option('--watched').hideHelp())
    .action(async (agent: string | undefined, options: ServeOptions, command: Command) => {
      const { serve } = await import('./serve/serve.ts');
      const isDataGiven = command.getOptionValueSource('data') !== 'default';
      await serve(agent, { ...options, isDataGiven, ...(agentCommand && { command: agentCommand }) });
    });
  addCommand(program, 'new').action(
    async (folder: string | undefined, options: { readonly agent?: AgentKind }) => {
      const { newProject } = await import('./new/index.ts');
      await tellExit(() => newProject(folder, options));
    },
  );
  addCommand(program, 'chat').action(async (url: string, options: { readonly session?: string }) => {
    const { chat } = await import('./chat/index.ts');
    process.exitCode = await chat(url, options);
  });
  addCommand(program, 'mcp').action(async (agent: string | undefined, options: HostOptions) => {
    const { serveHost } = await import('./mcp/serve-host.ts');
    const more = { version: readVersion(), ...(agentCommand && { command: agentCommand }) };
    await tellExit(() => serveHost(agent, { ...options, ...more }));
  });
  addCommand(program, 'doctor').action(async (url: string, options: DoctorOptions) => {
    const { doctor } = await import('./doctor/doctor.ts');
    await tellExit(async () => void (process.exitCode = await doctor(url, options)));
  });
  addCommand(program, 'sessions').action(async (options: AdminOptions & { readonly owner?: string }) => {
    const { sessions } = await import('./admin/sessions.ts');
    await tellExit(() => sessions(options));
  });
  addCommand(program, 'kill').action(async (session: string | undefined, options: KillOptions) => {
    const { runKill } = await import('./admin/kill.ts');
    await tellExit(() => runKill(session, options));
  });
  return program;
}

function addCommand(program: Command, name: keyof typeof commands): Command {
  const { help, argument, settings, variables }: CommandSettings = commands[name];
  switchOff(settings, process.env);
  const command = program.command(name).description(help);
  if (argument) command.addArgument(toArgument(argument));
  for (const setting of settings) command.addOption(toOption(setting));
  const width = Math.max(...variables.map(({ env }) => env.length));
  const lines = variables.map(({ env, help: told }) => `  ${env.padEnd(width)}  ${told}`);
  if (variables.length === 0) return command;
  return command.addHelpText('after', `\nVariables without an option:\n${lines.join('\n')}\n`);
}

function toArgument({
  name,
  help,
  env,
  default: standard,
}: NonNullable<CommandSettings['argument']>): Argument {
  const value = (env === undefined ? undefined : process.env[env]?.trim()) || standard;
  const argument = new Argument(name, env === undefined ? help : `${help} (env: ${env})`);
  // Help shows the built-in default, not the variable: its URL may have a password.
  return value === undefined ? argument : argument.default(value, standard);
}

function toOption({ flags, env, form, help, default: standard }: Setting): Option {
  const several = form === 'list' ? '; several with commas' : form === 'texts' ? '; may be repeated' : '';
  const option = new Option(flags, `${help}${several}`);
  if (env !== undefined) option.env(env);
  if (standard !== undefined) option.default(standard);
  if (typeof form !== 'string') option.choices(form);
  else if (form !== 'flag' && form !== 'text') option.argParser(parsers[form]);
  return form === 'list' || form === 'texts' ? option.default([]) : option;
}

/** `before` has the values of the same flag, which may be given more than once. */
type Parse = (text: string, before: unknown) => unknown;

const parsers: Readonly<Record<Exclude<Extract<Form, string>, 'flag' | 'text'>, Parse>> = {
  port: toPort,
  count: toCount,
  address: toAddress,
  list: (text) => text.split(',').flatMap((item) => item.trim() || []),
  texts: (text, before) => [
    ...(Array.isArray(before) ? before : []),
    ...text.split('\n').flatMap((item) => item.trim() || []),
  ],
};

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || text.trim() === '') {
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  }
  return port;
}

/** Parses `9464`, `0.0.0.0:9464` or `[::1]:9464`. Without a host it is 127.0.0.1. */
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
