import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'vite';
import { isBuilt } from './is-built.ts';

// The doors are compiled as they are, so that a stack trace leads to code one can read. The command and the page are
// bundled with what they stand on, so that nobody who installs Heddle gets those packages.
const root = new URL('..', import.meta.url).pathname;
// `npm start` builds only after a change. The page comes last.
const sources = ['src', 'page', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
if (process.argv.includes('--if-changed') && isBuilt(root, 'dist/page/index.html', sources)) process.exit();

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });

await build({
  configFile: false,
  root,
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: 'dist/cli',
    emptyOutDir: false,
    // What is bundled stays under its own licences.
    license: { fileName: 'LICENSES.md' },
    target: 'node22',
    rollupOptions: {
      // Old versions of Node take the hooks by their file.
      input: { heddle: 'src/cli/heddle.ts', 'agent-hooks': 'src/cli/serve/agent/hooks.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  // The doors stay outside: there is one copy of them, whoever imports it. But for this one, which needs a package.
  ssr: { noExternal: true, external: ['heddle'] },
  resolve: { alias: { 'heddle/auth': `${root}src/auth/index.ts` } },
});
chmodSync(`${root}dist/cli/heddle.js`, 0o755);

await build({ configFile: `${root}page/vite.config.ts`, logLevel: 'warn' });
