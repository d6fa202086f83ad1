import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `heddle serve` runs while the page is developed with `vite -c page/vite.config.ts`. */
const server = process.env['HEDDLE_URL'] ?? 'http://127.0.0.1:8000';
const routes = ['session', 'sessions', 'message', 'stream', 'cancel', 'withdraw', 'answer', 'events'];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative, so that the same files also work where the server is mounted under a path.
  base: './',
  plugins: [react()],
  // Without `browser`: the markdown parser's build for it decodes entities through innerHTML, which Trusted Types forbid.
  resolve: { conditions: ['@heddle/source', 'module', 'import', 'default'] },
  build: {
    outDir: fileURLToPath(new URL('../dist/page', import.meta.url)),
    emptyOutDir: true,
    target: 'baseline-widely-available',
    sourcemap: false,
    // What is bundled stays under its own licences.
    license: { fileName: 'LICENSES.md' },
    // The page is served under a CSP without `unsafe-inline`; nothing may end up inside the HTML.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: {
    proxy: Object.fromEntries(routes.map((route) => [`/${route}`, { target: server, changeOrigin: true }])),
  },
});
