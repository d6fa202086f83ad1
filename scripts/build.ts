import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'vite';
import { compressFiles } from './compress-files.ts';
import { isBuilt } from './is-built.ts';

// `tsc` compiles the doors file by file, so that stack traces lead to readable code. The command and the page
// are bundled with their packages, so that these are not installed with Heddle.
const root = new URL('..', import.meta.url).pathname;
// `npm start` builds only after a change. The page is built last, so its age is the age of the build.
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
    // Bundled packages keep their own licences.
    license: { fileName: 'LICENSES.md' },
    target: 'node22',
    rollupOptions: {
      // Old versions of Node load the hooks by their file.
      input: { heddle: 'src/cli/heddle.ts', 'agent-hooks': 'src/cli/serve/agent/hooks.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  // The doors stay outside the bundle, so there is one copy of them for all importers. `heddle/auth` is
  // bundled, because it needs a package.
  ssr: { noExternal: true, external: ['heddle'] },
  resolve: { alias: { 'heddle/auth': `${root}src/auth/index.ts` } },
});
chmodSync(`${root}dist/cli/heddle.js`, 0o755);

await build({ configFile: `${root}page/vite.config.ts`, logLevel: 'warn' });
compressFiles(`${root}dist/page`);
