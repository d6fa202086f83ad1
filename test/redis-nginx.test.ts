// examples/two-nodes.conf as it stands there, but for its ports: two nodes, of which one is killed while somebody listens.
import { createClient } from 'heddle/client';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { findPort, startRedis } from '../proofs/redis-server.ts';
import { root, start } from './child.fixture.ts';
import { heddleServe, temporaryFolder } from './heddle-serve.fixture.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Counts to sixty, for three seconds. */
const counting = `
  export default async function* ({ signal }) {
    for (let number = 1; number <= 60 && !signal.aborted; number += 1) {
      yield number + ' ';
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }`;

test('behind nginx a node that is killed in mid-turn is replaced by the other one, and who listens hears the turn to its end', async () => {
  const redis = await startRedis({ appendonly: 'yes' });
  cleanups.push(() => redis.stop());
  const { path, remove } = temporaryFolder();
  cleanups.push(remove);
  const agent = join(path, 'agent.mjs');
  writeFileSync(agent, counting);
  const nodes = await Promise.all([1, 2].map(() => heddleServe([agent, '--redis', redis.url])));
  for (const { child } of nodes) cleanups.push(() => child.stop('SIGKILL'));
  const ports: Readonly<Record<string, number>> = {
    8000: await findPort(),
    8001: nodes[0]?.port ?? 0,
    8002: nodes[1]?.port ?? 0,
  };
  const text = readFileSync(join(root, 'examples/two-nodes.conf'), 'utf8');
  writeFileSync(
    join(path, 'nginx.conf'),
    text.replace(/:(800[012]);/g, (_, port: string) => `:${ports[port]};`),
  );
  const nginx = start('nginx', ['-p', path, '-c', join(path, 'nginx.conf')]);
  cleanups.push(() => nginx.stop());
  const url = `http://127.0.0.1:${ports['8000']}`;
  await vi.waitFor(async () => expect((await fetch(`${url}/ready`)).status).toBe(200), { timeout: 5_000 });

  const session = await createClient({ url }).create();
  await session.send('count');
  const seen = new Map<number, string>();
  let attempt = 0;
  let killed = false;
  for await (const { event } of session.events()) {
    if (event.type === 'message_start' && 'attempt' in event) attempt = event.attempt;
    if (event.type === 'content' && 'data' in event)
      seen.set(attempt, (seen.get(attempt) ?? '') + event.data);
    if (event.type === 'message_end') {
      expect(event).toMatchObject({ outcome: 'completed' });
      break;
    }
    if (!killed && (seen.get(1) ?? '').includes('10 ')) {
      killed = true;
      await nodes[0]?.child.stop('SIGKILL');
    }
  }
  // Whichever of them had the turn: the attempt that ended it has counted to the end.
  const counted = Array.from({ length: 60 }, (_, index) => `${index + 1} `).join('');
  expect(seen.get(attempt)).toBe(counted);
}, 60_000);
