// Every door in every runtime of docs/runtimes.md, from the build.
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis } from '../rig/redis-server.ts';
import type { RedisServer } from '../rig/redis-server.ts';
import { root, start } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { compile, runtimes, startWorkerd } from './runtimes.fixture.ts';

// The folder is inside the package, so that doors and packages resolve as for a user.
const folder = temporaryFolder(join(root, 'test'));
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
  await compile('test/runtimes/node.fixture.ts', join(folder.path, 'doors.mjs'), 'nothing');
  await compile('test/runtimes/worker.fixture.ts', join(folder.path, 'worker.js'), 'packages');
});
afterAll(async () => {
  await redis.stop();
  folder.remove();
});

/** Returns the doors with a yes in a column of the table in docs/runtimes.md. */
function doorsOf(runtime: string): readonly string[] {
  const rows = readFileSync(join(root, 'docs/runtimes.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const column = rows[0]?.indexOf(runtime) ?? -1;
  return rows
    .filter((row) => row[column]?.startsWith('yes'))
    .flatMap((row) => /`(heddle[^ `]*)`/.exec(row[1] ?? '')?.[1] ?? []);
}

function toYes(doors: readonly string[]): unknown {
  return Object.fromEntries(doors.map((door) => [door, 'yes']));
}

describe('the doors with a yes in the table, and no others, work', () => {
  test.concurrent.each(runtimes)('in $name $version', { timeout: 240_000 }, async ({ name, command }) => {
    const [program, ...args] = [...command, join(folder.path, 'doors.mjs')];
    // The files are in memory if possible, because disk speed does not matter here. Deno may not write there.
    const files = name !== 'Deno' && existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    const env = { REDIS_URL: redis.url, FILES: files, NO_COLOR: '1' };
    const child = start(program, args, { env });
    const [line] = await child.waitFor(/^\{.*\}$/m);
    expect(JSON.parse(line)).toEqual(toYes(doorsOf(name)));
    await child.stop();
  });

  test.concurrent('in workerd, on the server and on the client', async () => {
    const child = startWorkerd(folder.path, 'worker.js');
    const [, port] = await child.waitFor(/"port":(\d+)/);
    const url = `http://127.0.0.1:${port}`;
    const doors: unknown = await (await fetch(`${url}/doors?url=${url}`)).json();
    expect(doors).toEqual(toYes(doorsOf('workerd')));
    await child.stop();
  });
});
