import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

/** The sizes of a bundle in bytes. */
export interface BundleSize {
  readonly minified: number;
  readonly brotli: number;
  /** The minified bytes of each source file, by its path under `src/`. */
  readonly files: ReadonlyMap<string, number>;
}

export interface SizeOptions {
  /** Whether code counts that is loaded on demand. @default false */
  readonly withLazy?: boolean;
}

/**
 * Measures what some exports of an entry point add to a page: bundled, minified, compressed. React is not
 * counted.
 */
export async function measureBundle(
  door: string,
  names: readonly string[],
  { withLazy = false }: SizeOptions = {},
): Promise<BundleSize> {
  const src = new URL('../../src', import.meta.url).pathname;
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { ${names.join(', ')} } from './${door}/index.ts';`, resolveDir: src },
    absWorkingDir: src,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    write: false,
    metafile: true,
    external: ['react'],
    plugins: withLazy ? [] : [withoutLazy],
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array(0);
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {});
  return {
    minified: code.length,
    brotli: brotliCompressSync(code).length,
    files: new Map(files.map(([file, { bytesInOutput }]) => [file, bytesInOutput])),
  };
}

const withoutLazy: Plugin = {
  name: 'without-lazy',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    ),
};
