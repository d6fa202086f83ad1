import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPort } from './redis-server.ts';

/** A running nginx in front of several nodes. */
export interface Balancer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts nginx with `deploy/nginx-two-nodes.conf`. Only its nodes, its port and its number of connections are
 * changed. Resolves when nginx passes requests on; rejects after 10 s.
 */
export async function startBalancer(ports: readonly number[], connections: number): Promise<Balancer> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-nginx-'));
  const port = await findPort();
  const example = await readFile(new URL('../../deploy/nginx-two-nodes.conf', import.meta.url), 'utf8');
  const [, first = '', rest = ''] = /(server 127.0.0.1:)8001(.*;)/.exec(example) ?? [];
  const servers = ports.map((each) => `${first}${each}${rest}`).join('\n    ');
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    example
      .replace(
        'events {}',
        `worker_rlimit_nofile ${connections * 2};\nevents { worker_connections ${connections}; }`,
      )
      .replace(/server 127.0.0.1:8001.*\s*server 127.0.0.1:8002.*/, servers)
      .replace('listen 127.0.0.1:8000;', `listen 127.0.0.1:${port};`),
  );
  const child = spawn('nginx', ['-p', folder, '-c', file], { stdio: 'ignore' });
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  const gone = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    process.off('exit', end);
    end();
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + 10_000;
  while (
    !(await fetch(`${url}/ready`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (performance.now() > deadline || child.exitCode !== null) {
      await stop();
      throw new Error('nginx does not start.');
    }
    await delay(20);
  }
  return { url, stop };
}
