import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A program from an npm package that the tests run. These packages are not devDependencies: each would put
 * its own `node` or `tsc` on the scripts' path, and `npm ci` would take half a minute longer.
 */
export interface Program {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  /**
   * The package, the members of it to unpack, and the folder to unpack into. No members means all of them.
   */
  readonly from: { readonly package: string; readonly members: readonly string[]; readonly folder: string };
}

const cache = fileURLToPath(new URL('../node_modules/.cache/heddle-programs', import.meta.url));
const { platform } = process;
const isArm = process.arch === 'arm64';

const packages = {
  node: [`node-${platform === 'darwin' && isArm ? 'bin-' : ''}${platform}-${process.arch}`, 'bin/node'],
  bun: [`@oven/bun-${platform}-${isArm ? 'aarch64' : 'x64'}`, 'bin/bun'],
  deno: [`@deno/${platform}-${process.arch}${platform === 'linux' ? '-glibc' : ''}`, 'deno'],
  workerd: [`@cloudflare/workerd-${platform}-${isArm ? 'arm64' : '64'}`, 'bin/workerd'],
  // The whole package, because the compiler reads its libraries.
  typescript: ['typescript', ''],
  'types-node': ['@types/node', ''],
  'undici-types': ['undici-types', ''],
} as const;

function toProgram(name: keyof typeof packages, version: string): Program {
  const [from, file] = packages[name];
  const folder = join(cache, `${name}-${version}`);
  // Only Node's program. Its package also has four thousand headers.
  const members = name === 'node' ? [`package/${file}`] : [];
  return {
    name,
    version,
    path: join(folder, file),
    from: { package: `${from}@${version}`, members, folder },
  };
}

/** The oldest supported version of each runtime. Heddle supports two ranges of Node, so there are two. */
export const oldest: { readonly [Name in 'node' | 'node24' | 'bun' | 'deno']: Program } = {
  node: toProgram('node', '22.13.0'),
  node24: toProgram('node', '24.0.0'),
  bun: toProgram('bun', '1.4.0'),
  deno: toProgram('deno', '2.8.0'),
};

/** The newest version of each runtime at the time of the last update of this list. */
export const newest: { readonly [Name in 'node' | 'bun' | 'deno' | 'workerd']: Program } = {
  node: toProgram('node', '26.10.0'),
  bun: toProgram('bun', '1.4.5'),
  deno: toProgram('deno', '2.9.6'),
  workerd: toProgram('workerd', '1.20261117.1'),
};

/** The compilers that Heddle's types support, except the project's own. */
export const compilers: readonly Program[] = ['5.4.5', '5.9.3', '6.0.3'].map((version) =>
  toProgram('typescript', version),
);

/** Node's types for the oldest Node, with their dependency. */
export const oldestTypes: readonly Program[] = [
  toProgram('types-node', '22.13.17'),
  toProgram('undici-types', '6.20.0'),
];

/**
 * Whether to test all versions. Otherwise the tests run the oldest Node and the newest version of each
 * runtime.
 */
export const isFull: boolean = process.env['HEDDLE_RUNTIMES'] === 'all';

/** Fetches the programs above that are missing. */
export function installPrograms(): void {
  const wanted = [
    oldest.node,
    ...Object.values(newest),
    ...compilers,
    ...oldestTypes,
    ...(isFull ? Object.values(oldest) : []),
  ];
  const missing = [...new Set(wanted)].filter(({ path }) => !existsSync(path));
  if (missing.length === 0) return;
  const names = missing.map(({ from }) => from.package);
  process.stdout.write(`fetching ${names.join(', ')} for the tests\n`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'new-'));
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, ...names], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const { from } of missing) {
    const file = `${from.package.replace(/^@/, '').replace(/[/@]/g, '-')}.tgz`;
    const unpacked = mkdtempSync(join(folder, 'unpacked-'));
    execFileSync('tar', [
      '-xzf',
      join(folder, file),
      '-C',
      unpacked,
      '--strip-components=1',
      ...from.members,
    ]);
    // Moved only when it is complete, because an existing path is never checked again.
    rmSync(from.folder, { recursive: true, force: true });
    renameSync(unpacked, from.folder);
  }
  rmSync(folder, { recursive: true });
}
