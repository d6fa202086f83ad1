import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a command that finds no free file descriptor is reported, and this process goes on', () => {
  const script = `
    import { openSync } from 'node:fs';
    import { createLaunch } from ${JSON.stringify(join(import.meta.dirname, 'agent-process.ts'))};
    const launch = createLaunch({ command: 'true', args: [], env: {}, flushMs: 1 });
    try { for (;;) openSync('/dev/null'); } catch {}
    launch({ onOutput() {}, onErrorOutput() {}, onGone: (how) => console.log(how) });`;
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', 'ulimit -n 64; exec "$0" --input-type=module -e "$1"', process.execPath, script],
    { encoding: 'utf8' },
  );
  expect([stdout, stderr]).toEqual(['cannot start: this process has no free file descriptors\n', '']);
});
