import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Runs all static checks, also after one of them failed.
const checks = [
  'oxfmt --check .',
  'oxlint --deny-warnings .',
  'tsc -p tsconfig.json',
  'tsc -p tsconfig.build.json --noEmit',
  'tsc -p page/tsconfig.json',
  'knip',
  // Few machines have mypy, and the tests run the examples anyway.
  ...(spawnSync('mypy', ['--version']).status === 0 ? ['mypy --strict examples/python'] : []),
];

const root = fileURLToPath(new URL('..', import.meta.url));

async function run(command: string): Promise<boolean> {
  const child = spawn(command, { cwd: root, shell: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${command}\n${code === 0 ? '' : output}`);
  return code === 0;
}

const results = await Promise.all(checks.map(run));
if (results.includes(false)) process.exitCode = 1;
