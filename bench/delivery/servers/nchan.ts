import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasCommand, spawnOn } from '../child.ts';
import { toData, toMark } from '../mark.ts';
import { pace } from '../pace.ts';
import type { RunningServer, ServerKind, BenchServerOptions } from '../server.ts';
import type { SpokenLoad } from '../speech.ts';
import { listenOnPort } from './listen.ts';

const nchanModule = '/usr/share/nginx/modules-available/mod-nchan.conf';

/** nginx with the module nchan and one worker. It only broadcasts; this process publishes over HTTP. */
export const nchan: ServerKind = {
  name: 'nchan',
  works: ['broadcast', 'idle', 'accept', 'stalled'],
  lacks: () =>
    hasCommand('nginx') && existsSync(nchanModule)
      ? undefined
      : 'nginx or its module is not installed (Debian: nginx, libnginx-mod-nchan)',
  start,
};

async function start({ keepaliveMs = 15_000 }: BenchServerOptions): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-bench-'));
  const port = await findPort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, toConfig(folder, port, keepaliveMs / 1000));
  const master = spawnOn('server', ['nginx', '-e', join(folder, 'error.log'), '-c', file]);
  const gone = once(master, 'close');
  const pid = master.pid ?? NaN;
  const connection = new Agent({ keepAlive: true, maxSockets: 1 });
  const said: number[] = [];
  await untilListening(port);

  const publish = async (stream: number, padding: string): Promise<void> => {
    said[stream] = (said[stream] ?? 0) + 1;
    const post = request({ port, agent: connection, method: 'POST', path: `/publish/${stream}` });
    post.end(toData(`${toMark(said[stream])} ${padding}`));
    const [response] = await once(post, 'response');
    if (response.statusCode >= 300) throw new Error(`nchan answered ${response.statusCode}.`);
    response.resume();
    await once(response, 'end');
  };
  return {
    port,
    pids: [pid, ...readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)],
    path: (stream) => `/stream/${stream}`,
    say: async (speech: SpokenLoad) => {
      // One request follows the other, because requests on two connections have no order.
      let last = Promise.resolve();
      await pace(speech, (stream) => {
        for (let event = 0; event < speech.burst; event += 1) {
          last = last.then(() => publish(stream, ' '.repeat(speech.padding ?? 0)));
        }
      });
      await last;
    },
    collect: async () => {},
    remember: () => Promise.reject(new TypeError('nchan keeps no log.')),
    stop: async () => {
      connection.destroy();
      // After SIGKILL the worker would keep running.
      master.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function toConfig(folder: string, port: number, keepaliveS: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
    include ${nchanModule};
    daemon off;
    worker_processes 1;
    worker_rlimit_nofile 20000;
    pid ${folder}/nginx.pid;
    events { worker_connections 16384; }
    http {
      access_log off;
      ${paths.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
      nchan_shared_memory_size 256M;
      server {
        listen 127.0.0.1:${port} backlog=4096;
        location ~ ^/stream/(\\d+)$ {
          nchan_subscriber eventsource;
          nchan_channel_id $1;
          nchan_eventsource_ping_interval ${keepaliveS};
          nchan_eventsource_ping_comment keepalive;
        }
        location ~ ^/publish/(\\d+)$ {
          client_body_buffer_size 64k;
          nchan_publisher;
          nchan_channel_id $1;
          nchan_message_buffer_length 64;
        }
      }
    }`;
}

async function findPort(): Promise<number> {
  const server = createServer();
  const port = await listenOnPort(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port: number): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (performance.now() < deadline) {
    const answers = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await delay(20);
  }
  throw new Error('nginx does not listen.');
}
