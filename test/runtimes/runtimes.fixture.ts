import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { isFull, newest, oldest } from '../../scripts/npm-programs.ts';
import type { Program } from '../../scripts/npm-programs.ts';
import { start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';

/** A runtime that has Node's modules. */
export interface Runtime {
  readonly name: 'Node' | 'Bun' | 'Deno';
  readonly version: string;
  /** The command that runs a file. */
  readonly command: readonly [string, ...string[]];
}

/**
 * The permissions that Heddle needs in Deno, and the home folder, which LangSmith inside LangChain looks for.
 */
const denoRun = [
  'run',
  '--no-prompt',
  '--allow-net',
  '--allow-read',
  '--allow-write',
  '--allow-env',
  '--allow-run',
  '--allow-sys=homedir',
] as const;

/**
 * The tested runtimes: the oldest Node and the newest version of each. With HEDDLE_RUNTIMES=all, also the
 * oldest of each.
 */
export const runtimes: readonly Runtime[] = [
  toRuntime('Node', oldest.node),
  toRuntime('Node', newest.node),
  toRuntime('Bun', newest.bun),
  toRuntime('Deno', newest.deno, ...denoRun),
  ...(isFull
    ? [
        toRuntime('Node', oldest.node24),
        toRuntime('Bun', oldest.bun),
        toRuntime('Deno', oldest.deno, ...denoRun),
      ]
    : []),
];

function toRuntime(name: Runtime['name'], { version, path }: Program, ...args: string[]): Runtime {
  return { name, version, command: [path, ...args] };
}

/**
 * Bundles a fixture into JavaScript that old runtimes can run. With `packages`, packages and doors go into
 * the bundle, as for a worker. With `nothing`, they stay outside.
 */
export async function compile(
  entry: string,
  outfile: string,
  bundles: 'packages' | 'nothing',
): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    ...(bundles === 'packages' ? { conditions: ['workerd', 'worker', 'browser'] } : { packages: 'external' }),
  });
}

/** Serves a worker that has its server in the Durable Object `Heddle`. Prints the port. */
export function startWorkerd(folder: string, file: string): Child {
  writeFileSync(join(folder, 'config.capnp'), toConfig(file));
  return start(newest.workerd.path, ['serve', join(folder, 'config.capnp'), '--control-fd', '1']);
}

function toConfig(file: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "internet", network = (allow = ["local"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "${file}")],
  compatibilityDate = "2026-01-01",
  durableObjectNamespaces = [(className = "Heddle", uniqueKey = "heddle")],
  durableObjectStorage = (inMemory = void),
  bindings = [(name = "HEDDLE", durableObjectNamespace = "Heddle")],
);
`;
}
