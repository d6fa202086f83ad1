import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { start } from './child.ts';
import { temporaryFolder } from './heddle-serve.ts';

/** A configuration that keeps the files of nginx in its own folder, around the `server` blocks of a test. */
export function toNginxConfiguration(servers: string): string {
  return `
    user ${userInfo().username};
    daemon off;
    pid nginx.pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      ${servers}
    }`;
}

/**
 * Runs nginx with a configuration in a folder of its own, until each of the URLs answers with 200. Resolves
 * with the function that stops it and deletes the folder.
 */
export async function runNginx(
  configuration: string,
  probes: readonly string[],
): Promise<() => Promise<void>> {
  const { path, remove } = temporaryFolder();
  writeFileSync(join(path, 'nginx.conf'), configuration);
  const nginx = start('nginx', ['-p', path, '-c', join(path, 'nginx.conf')]);
  for (const url of probes)
    await vi.waitFor(async () => expect((await fetch(url)).status).toBe(200), { timeout: 10_000 });
  return async () => {
    await nginx.stop();
    remove();
  };
}
