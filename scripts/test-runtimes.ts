import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { newest, oldest } from './npm-programs.ts';

// Tests the oldest and the newest version of every runtime: test/runtimes runs the build, and src/ runs from
// source on every Node.
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

function run(node: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  process.stdout.write(`${[node, ...args].join(' ')}\n`);
  const { status } = spawnSync(node, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) process.exitCode = 1;
}

run(process.execPath, [vitest, 'run', 'test/runtimes']);
for (const { path } of [oldest.node, oldest.node24, newest.node]) {
  run(path, [vitest, 'run', 'src', ...toExcluded(path)], { NODE_OPTIONS: '--experimental-strip-types' });
}

/** Node 22.13 and 24.0 report a reset right after bytes as an end, and the fault proxy's test checks that. */
function toExcluded(path: string): readonly string[] {
  return path !== newest.node.path ? ['--exclude', 'src/testing/fault-proxy.test.ts'] : [];
}
