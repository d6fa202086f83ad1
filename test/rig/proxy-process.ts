import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestCertificate } from '../../src/node/certificate.fixture.ts';
import { root, start } from './child.ts';
import { temporaryFolder } from './heddle-serve.ts';

/** Where a reverse proxy listens, and what it stands in front of. */
export interface ProxyPlace {
  /** The port of 127.0.0.1 that it listens on, with TLS. */
  readonly port: number;
  /** The address of Heddle, such as `127.0.0.1:8000`. */
  readonly upstream: string;
  readonly certificate: TestCertificate;
  /** Whether it removes the path `/agent`. */
  readonly removesPath?: boolean;
}

/** A reverse proxy with a configuration for a place. */
export interface ReverseProxy {
  readonly name: string;
  /** Starts it. Resolves with the function that stops it. */
  start(place: ProxyPlace): Promise<() => Promise<void>>;
}

/** How to run a program that listens. */
export interface ProxyProgram {
  readonly command: string;
  /** Returns its arguments, for the folder that has its files. */
  args(folder: string): readonly string[];
  /** The files that it reads, by name. `FOLDER` in a text becomes the folder that they are in. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: (folder: string) => NodeJS.ProcessEnv;
}

/**
 * Runs a proxy in a folder of its own, and waits until `isUp` resolves with true. Rejects with the output of
 * the program if it ends before, or after 10 s. Resolves with the function that stops it and deletes the
 * folder.
 */
export async function runProxy(
  { command, args, files, env }: ProxyProgram,
  isUp: () => Promise<boolean>,
): Promise<() => Promise<void>> {
  const { path, remove } = temporaryFolder();
  // Apache gives up the rights of root before it reads them.
  chmodSync(path, 0o755);
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(path, name), text.replaceAll('FOLDER', path));
  const child = start(command, args(path), env ? { env: env(path) } : {});
  const stop = async (): Promise<void> => {
    await child.stop();
    remove();
  };
  const deadline = performance.now() + 10_000;
  while (!(await isUp())) {
    if (performance.now() > deadline || child.process.exitCode !== null) {
      await stop();
      throw new Error(`${command} does not start: ${child.output()}`);
    }
    await delay(10);
  }
  return stop;
}

/** Resolves with whether a port of 127.0.0.1 accepts connections. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
}

/** Returns a file of `deploy/`. */
export function readDeployed(name: string): string {
  return readFileSync(join(root, 'deploy', name), 'utf8');
}

/**
 * Replaces parts of a configuration, each wherever it stands. Throws if a part is not in it: a test would
 * then run another configuration than it says.
 */
export function replaceParts(text: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((replaced, [part, by]) => {
    if (!replaced.includes(part)) throw new Error(`The configuration has no "${part}".`);
    return replaced.replaceAll(part, by);
  }, text);
}
