// The code that the command loads, from the build. Code that a start does not need makes every start slower.
import { expect, test } from 'vitest';
import { start } from '../rig/child.ts';

/** Ends the process at its first output, and reports how many bytes of code it has loaded. */
const preload = `import { registerHooks } from 'node:module';
  let bytes = 0;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      bytes += loaded.source?.length ?? 0;
      return loaded;
    },
  });
  process.stdout.write = () => process.exit();
  process.on('exit', () => process.stderr.write('loaded ' + bytes + ' bytes'));`;

test.each([
  // Five dialects of other people's clients are on by default: they are 270,000 of these bytes. The settings
  // of the page and the probe of the doctor are 33,000.
  ['serve --memory --port 0', 1_340_000],
  ['serve examples/echo-agent.ts --memory --port 0', 1_340_000],
  ['--help', 200_000],
  ['--version', 200_000],
])('`heddle %s` starts with at most %d bytes of code', async (command, most) => {
  const child = start(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(preload)}`,
    'dist/cli/heddle.js',
    ...command.split(' '),
  ]);
  const [, bytes] = await child.waitFor(/loaded (\d+) bytes/);
  expect(Number(bytes)).toBeGreaterThan(10_000);
  expect(Number(bytes)).toBeLessThanOrEqual(most);
});
