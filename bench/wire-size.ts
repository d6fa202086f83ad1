/** Measures what `heddle/wire` alone adds to a page: bundled, minified, compressed. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: [new URL('../src/wire/index.ts', import.meta.url).pathname],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2024',
  write: false,
});
const code = outputFiles[0]?.contents ?? new Uint8Array(0);
process.stdout.write(
  `heddle/wire: ${code.length} bytes minified, ${brotliCompressSync(code).length} with brotli, ${gzipSync(code, { level: 9 }).length} with gzip\n`,
);
