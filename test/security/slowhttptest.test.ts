// slowhttptest, as people run it against web servers, against `heddle serve` as it is shipped.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createClient } from 'heddle/client';
import { start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { heddleServe, temporaryFolder } from '../rig/heddle-serve.ts';

const MiB = 1024 * 1024;
const connections = 100;
/** The maximum growth of the server's resident memory, in bytes. */
const bound = 128 * MiB;

const attacks = {
  // Long enough for the server to end them: after 20 s and after 60 s.
  'headers that never end': ['-H', '-i', '5', '-l', '75'],
  'bodies that never end': ['-B', '-i', '5', '-l', '75', '-s', '8192', '-f', 'application/json'],
  // The client reads five bytes a second. It polls sockets that are always ready, so each second costs one of
  // processor time.
  'answers that are hardly read': ['-X', '-n', '1', '-z', '5', '-w', '256', '-y', '512', '-l', '10'],
} as const;

const toClose: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of toClose.toReversed()) await close();
});

/** Starts an attack. It ends when its time is over or when it has no open connection. */
function attack(name: keyof typeof attacks, url: string): Child {
  const child = start('slowhttptest', [...attacks[name], '-c', `${connections}`, '-r', '300', '-u', url]);
  toClose.push(() => child.stop());
  return child;
}

const isOn = ({ process: { exitCode, signalCode } }: Child): boolean =>
  exitCode === null && signalCode === null;

/** Returns the resident memory of a process, in bytes. */
function memoryOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

const filesOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Creates a session whose log is longer than the kernel's buffers for slow readers. */
async function fill(url: string): Promise<string> {
  const session = await createClient({ url }).create();
  for (let turn = 0; turn < 2; turn += 1) {
    await session.send('much');
    for await (const { event } of session.events()) if (event.type === 'message_end') break;
  }
  return session.id;
}

/** Repeats its message, or sends very much. */
const agent = `
  export default async function* ({ input }) {
    if (input.content === 'much') for (let left = 60; left > 0; left -= 1) yield 'x'.repeat(${MiB / 16});
    else yield 'heard ' + input.content;
  }`;

async function serve(): Promise<{ readonly url: string; readonly pid: number }> {
  const { path, remove } = temporaryFolder();
  toClose.push(remove);
  const file = join(path, 'agent.mjs');
  writeFileSync(file, agent);
  const { url, child } = await heddleServe([file, '--memory']);
  toClose.push(() => child.stop());
  return { url, pid: child.process.pid ?? 0 };
}

/** Reads a stream for as long as it lasts. */
async function listen(url: string): Promise<{ readonly text: string; readonly isOver: boolean }> {
  const heard = { text: '', isOver: false };
  const gone = new AbortController();
  toClose.push(() => gone.abort());
  const { body } = await fetch(url, { signal: gone.signal });
  const read = async (): Promise<void> => {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) heard.text += chunk;
  };
  void read()
    .catch(() => {})
    .then(() => (heard.isOver = true));
  return heard;
}

describe.concurrent('other clients get responses, their stream stays open, and memory is bounded, under', () => {
  test.each([
    ['headers that never end', '/health', 'No open connections left'],
    ['bodies that never end', '/session', 'No open connections left'],
    ['answers that are hardly read', '/stream', 'Hit test time limit'],
  ] as const)(
    '%s',
    async (name, toPath, end) => {
      const { url, pid } = await serve();
      const session = await createClient({ url }).create();
      const heard = await listen(`${url}/stream/${session.id}`);
      const answer = async (word: string): Promise<void> => {
        await session.send(word);
        await vi.waitFor(() => expect(heard.text).toContain(`"heard ${word}"`), { timeout: 5_000 });
      };
      const path = toPath === '/stream' ? `/stream/${await fill(url)}` : toPath;
      await answer('before');
      const before = { memory: memoryOf(pid), files: filesOf(pid) };

      const attacker = attack(name, url + path);
      let most = 0;
      let answered = 0;
      for (let asked = 0; isOn(attacker); asked += 1) {
        await answer(`word ${asked}`);
        most = Math.max(most, memoryOf(pid));
        // Counts responses while all connections of the attack are open.
        if (filesOf(pid) >= before.files + connections && isOn(attacker)) answered += 1;
        await delay(500);
      }
      expect(attacker.output()).toContain(end);
      expect(answered).toBeGreaterThan(0);
      expect(most - before.memory).toBeLessThan(bound);
      await vi.waitFor(() => expect(filesOf(pid)).toBeLessThan(before.files + 5), { timeout: 10_000 });
      expect(memoryOf(pid) - before.memory).toBeLessThan(bound);
      await answer('after');
      expect(heard.isOver).toBe(false);
    },
    120_000,
  );
});

describe.concurrent('the twin: a server without these bounds', () => {
  const listenPlainly = async (listener: RequestListener): Promise<string> => {
    const http = createHttpServer({ headersTimeout: 0, requestTimeout: 0 }, listener);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    toClose.push(
      () => http.close(),
      () => http.closeAllConnections(),
    );
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  };

  // Headers that never end have their twin in slow.test.ts.
  test('keeps bodies that never end', async () => {
    const url = await listenPlainly((request, response) => {
      request.resume().on('end', () => response.end());
    });
    const attacker = attack('bodies that never end', `${url}/session`);
    await attacker.waitFor(/Hit test time limit/);
  }, 120_000);

  test('holds answers that are hardly read', async () => {
    const url = await listenPlainly((_, response) => {
      for (let left = 120; left > 0; left -= 1) response.write('x'.repeat(MiB / 16));
    });
    const before = memoryOf(process.pid);
    const attacker = attack('answers that are hardly read', url);
    await vi.waitFor(() => expect(memoryOf(process.pid) - before).toBeGreaterThan(bound * 2), {
      timeout: 20_000,
    });
    await attacker.stop();
  }, 120_000);
});
