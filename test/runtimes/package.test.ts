// The output of `npm pack`, installed into an empty folder.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, start } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

const folder = temporaryFolder();
let tarball: string;

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

beforeAll(() => {
  const packed: unknown = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path], root),
  );
  tarball = join(folder.path, (packed as { filename: string }[])[0]?.filename ?? '');
  writeFileSync(join(folder.path, 'package.json'), '{"private":true,"type":"module"}');
  npm(['install', '--no-audit', '--no-fund', '--offline', tarball], folder.path);
}, 60_000);
afterAll(() => folder.remove());

test('it installs no other package', () => {
  const listed = npm(['ls', '--all', '--parseable'], folder.path).trim().split('\n');
  expect(listed.map((path) => path.split('node_modules/')[1]).filter(Boolean)).toEqual(['heddle']);
});

const packed = (): readonly string[] =>
  readdirSync(join(folder.path, 'node_modules/heddle'), { recursive: true, encoding: 'utf8' });
const read = (path: string): string => readFileSync(join(folder.path, 'node_modules/heddle', path), 'utf8');

test('it takes no more than 4 MB to download', () => {
  expect(statSync(tarball).size).toBeLessThan(4_000_000);
});

test('it has no source map, because its sources are not in it', () => {
  expect(packed().filter((path) => /^dist\/.*\.map$/.test(path.replaceAll('\\', '/')))).toEqual([]);
  const scripts = packed().filter((path) => /\.[jt]s$/.test(path));
  expect(scripts.filter((path) => read(path).includes('//# sourceMappingURL='))).toEqual([]);
});

test('it has every file and every heading that its pages link to', () => {
  const pages = packed().filter((path) => path.endsWith('.md') && !path.startsWith('dist'));
  const missing = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?/g)]
      .filter(([, link = '', heading]) => {
        const path = link === '' ? page : join(dirname(page), link);
        if (!existsSync(join(folder.path, 'node_modules/heddle', path))) return true;
        return heading !== undefined && !anchorsOf(read(path)).includes(heading);
      })
      .map(([link]) => `${page}: ${link}`),
  );
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/tutorial.md']));
  expect(missing).toEqual([]);
});

/** Returns the anchors that GitHub, npm and editors give to headings. */
function anchorsOf(page: string): readonly string[] {
  const prose = page.replace(/^```.*?^```/gms, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every door of its exports map can be imported', async () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  // The application provides React for `heddle/react`.
  symlinkSync(join(root, 'node_modules/react'), join(folder.path, 'node_modules/react'));
  const doors = Object.keys(manifest.exports).filter((door) => door !== './package.json');
  const names = doors.map((door) => `heddle${door.slice(1)}`);
  const script = `for (const name of ${JSON.stringify(names)}) { const door = await import(name); console.log(name, Object.keys(door).length); }`;
  const child = start(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder.path });
  await new Promise((resolve) => child.process.on('close', resolve));
  for (const name of names) expect(child.output()).toMatch(new RegExp(`^${name} [1-9]`, 'm'));
});

test('`npx heddle serve` answers from it, with the page', async () => {
  const child = start('npx', ['heddle', 'serve', '--port', '0'], {
    cwd: folder.path,
    env: { HEDDLE_GUIDE_PACE_MS: '0' },
  });
  try {
    const [, url] = await child.waitFor(/on (http:\/\/\S+)/);
    const page = await (await fetch(`${url}/`)).text();
    expect(page).toContain('<title>');
    const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(page) ?? [];
    for (const coding of ['br', 'gzip']) {
      const sent = await fetch(`${url}/${script}`, { headers: { 'accept-encoding': coding } });
      expect(sent.headers.get('content-encoding')).toBe(coding);
      // `fetch` decodes it.
      expect(Number(sent.headers.get('content-length'))).toBeLessThan((await sent.text()).length / 3);
    }
    const answer = await (await fetch(`${url}/stream?prompt=${encodeURIComponent('What is 6*7?')}`)).text();
    expect(answer).toContain('calculator');
    expect(answer).toContain('42');
    expect(
      await (await fetch(`${url}/stream?prompt=${encodeURIComponent('How does resume work?')}`)).text(),
    ).toContain('PROTOCOL.md');
  } finally {
    await child.stop('SIGTERM');
  }
}, 60_000);

test('bundlers and editors accept its manifest and types', () => {
  execFileSync('publint', ['--strict', tarball], { cwd: root, stdio: 'pipe' });
  execFileSync('attw', ['--profile', 'esm-only', tarball], { cwd: root, stdio: 'pipe' });
}, 60_000);
