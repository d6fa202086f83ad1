// deploy/nginx-two-nodes.conf with other ports. One of two nodes is shut down while a client follows a
// session.
import { createClient } from 'heddle/client';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findPort, startRedis } from '../rig/redis-server.ts';
import { root } from '../rig/child.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { runNginx } from '../rig/nginx.ts';

const cleanUp = createCleanUp();

/** An agent that counts to thirty in a second and a half. */
const counting = `
  export default async function* ({ signal }) {
    for (let number = 1; number <= 30 && !signal.aborted; number += 1) {
      yield number + ' ';
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }`;

test('behind nginx a node can shut down in mid-turn: the client receives the whole turn, and goes on with the other node', async () => {
  const redis = await startRedis({ appendonly: 'yes' });
  cleanUp(() => redis.stop());
  const { path, remove } = temporaryFolder();
  cleanUp(remove);
  const agent = join(path, 'agent.mjs');
  writeFileSync(agent, counting);
  const nodes = await Promise.all([1, 2].map(() => heddleServe([agent, '--redis', redis.url])));
  for (const { child } of nodes) cleanUp(() => child.stop('SIGKILL'));
  const ports: Readonly<Record<string, number>> = {
    8000: await findPort(),
    8001: nodes[0]?.port ?? 0,
    8002: nodes[1]?.port ?? 0,
  };
  const text = readFileSync(join(root, 'deploy/nginx-two-nodes.conf'), 'utf8');
  const url = `http://127.0.0.1:${ports['8000']}`;
  const configuration = text.replace(/:(800[012])\b/g, (_, port: string) => `:${ports[port]}`);
  cleanUp(await runNginx(configuration, [`${url}/ready`]));

  const session = await createClient({ url }).create();
  const counted = Array.from({ length: 30 }, (_, index) => `${index + 1} `).join('');
  const listen = async (onWord: (said: string) => void): Promise<void> => {
    let said = '';
    for await (const { event } of session.events()) {
      if (event.type === 'message_start' && 'attempt' in event) {
        said = '';
        expect(event.attempt).toBe(1);
      }
      if (event.type === 'content' && 'data' in event) said += event.data;
      if (event.type === 'message_end') {
        expect(event).toMatchObject({ outcome: 'completed' });
        break;
      }
      onWord(said);
    }
    expect(said).toBe(counted);
  };
  let leaving: Promise<number | null> | undefined;
  await session.send('count');
  await listen((said) => {
    if (said.includes('5 ')) leaving ??= nodes[0]?.child.stop('SIGTERM');
  });
  expect(await leaving).toBe(0);
  await session.send('count again');
  await listen(() => {});
}, 60_000);
