// The types of the packed package, read by every TypeScript from 5.4 on, with the settings that users have.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compilers, isFull, oldestTypes } from '../../scripts/npm-programs.ts';
import { root } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { browserConsumer, consumer, withPeers } from './types.fixture.ts';

const tscs = [...compilers.map(({ path }) => path), join(root, 'node_modules/typescript')].map((path) => ({
  version: (JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { version: string }).version,
  tsc: join(path, 'bin/tsc'),
}));

const folder = temporaryFolder();
beforeAll(() => {
  const modules = join(folder.path, 'node_modules');
  mkdirSync(join(modules, 'heddle'), { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder.path], {
    cwd: root,
  });
  const packed = readdirSync(folder.path).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', [
    '-xzf',
    join(folder.path, packed),
    '-C',
    join(modules, 'heddle'),
    '--strip-components=1',
    '--exclude=*.js',
    '--exclude=package/dist/page',
  ]);
  for (const name of [
    '@types',
    'undici-types',
    '@openai',
    '@strands-agents',
    'openai',
    'zod',
    'express',
    'ioredis',
    'jose',
    'redis',
  ])
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  // This folder has Node's types for the oldest Node.
  const old = join(folder.path, 'old');
  for (const { path, name } of oldestTypes)
    cpSync(path, join(old, 'node_modules', name === 'types-node' ? '@types/node' : name), {
      recursive: true,
    });
  writeFileSync(join(old, 'consumer.ts'), consumer);
  writeFileSync(join(folder.path, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder.path, 'consumer.ts'), consumer);
  writeFileSync(join(folder.path, 'browser.ts'), browserConsumer);
  writeFileSync(join(folder.path, 'with-peers.ts'), withPeers);
});
afterAll(() => folder.remove());

test('the consumer imports every door', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object };
  for (const door of Object.keys(exports).filter((name) => name !== './package.json'))
    expect(consumer).toContain(`from 'heddle${door.slice(1)}'`);
});

type Consumer =
  | 'on a server'
  | 'on a server with DOM'
  | 'on a server with old types'
  | 'in a browser'
  | 'with the types of peers';
interface Setup {
  readonly consumer: Consumer;
  readonly resolution: 'node16' | 'nodenext' | 'bundler';
  readonly exact: boolean;
}

const server: Setup = { consumer: 'on a server', resolution: 'nodenext', exact: true };
const browser: Setup = { consumer: 'in a browser', resolution: 'bundler', exact: false };
// Those types have errors of their own with exact optional properties.
const old: Setup = { ...server, consumer: 'on a server with old types', exact: false };
const all: readonly Setup[] = [
  old,
  { ...server, consumer: 'with the types of peers' },
  ...(['on a server', 'on a server with DOM', 'in a browser'] as const).flatMap((each) =>
    (['node16', 'nodenext', 'bundler'] as const).flatMap((resolution) =>
      [false, true].map((exact): Setup => ({ consumer: each, resolution, exact })),
    ),
  ),
];

const cases = tscs.flatMap(({ version, tsc }, index) => {
  const few = index === 0 ? [server, browser] : index === tscs.length - 1 ? [server, old] : [server];
  return (isFull ? all : few).map((setup) => ({ version, tsc, ...setup }));
});

test.each(cases)(
  'TypeScript $version reads all types $consumer, module resolution $resolution, exact optional properties $exact',
  { timeout: 240_000 },
  async ({ tsc, ...setup }) => {
    const project = join(folder.path, setup.consumer === old.consumer ? 'old' : '', 'tsconfig.json');
    writeFileSync(project, JSON.stringify(toConfig(setup)));
    const errors = await new Promise<string>((resolve) => {
      execFile(process.execPath, [tsc, '-p', project], (error, output) =>
        resolve(error ? output || error.message : ''),
      );
    });
    expect(errors).toBe('');
  },
);

function toConfig({ consumer: where, resolution, exact }: Setup): object {
  const isBrowser = where === 'in a browser';
  return {
    compilerOptions: {
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: exact,
      target: 'es2022',
      // The settings that bundlers' templates had for years.
      ...(isBrowser && { target: 'es2020', lib: ['es2020', 'dom', 'dom.iterable'] }),
      ...((where === 'on a server' || where === old.consumer) && { lib: ['es2022'] }),
      types: isBrowser ? [] : ['node'],
      module: resolution === 'bundler' ? 'esnext' : resolution,
      moduleResolution: resolution,
      // Errors in the types of other packages are not tested.
      skipLibCheck: where === 'with the types of peers',
      esModuleInterop: true,
    },
    files: [isBrowser ? 'browser.ts' : where === 'with the types of peers' ? 'with-peers.ts' : 'consumer.ts'],
  };
}
