import { build } from 'esbuild';
import { root } from './child.ts';

/**
 * Bundles a React application of a test as one classic script. `file` is relative to the project. Without
 * conditions it takes Heddle from the build.
 */
export async function bundleApp(
  file: string,
  mode: 'development' | 'production',
  conditions: readonly string[] = [],
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${root}${file}`],
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    ...(conditions.length > 0 && { conditions: [...conditions] }),
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
  });
  return outputFiles[0]?.text ?? '';
}
