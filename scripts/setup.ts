import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installPrograms } from './npm-programs.ts';

// The programs that the tests need beyond npm packages, and the Debian packages that have them.
const needs = [
  { file: '/usr/bin/chromium', package: 'chromium' },
  { file: '/usr/bin/firefox-esr', package: 'firefox-esr' },
  { file: '/usr/bin/redis-server', package: 'redis-server' },
  { file: '/usr/bin/redis-sentinel', package: 'redis-sentinel' },
  { file: '/usr/sbin/nginx', package: 'nginx' },
  { file: '/usr/sbin/haproxy', package: 'haproxy' },
  { file: '/usr/bin/caddy', package: 'caddy' },
  { file: '/usr/sbin/apache2', package: 'apache2-bin' },
  { file: '/usr/bin/cc', package: 'gcc' },
  { file: '/usr/include/stdio.h', package: 'libc6-dev' },
  { file: '/usr/bin/openssl', package: 'openssl' },
  { file: '/usr/bin/slowhttptest', package: 'slowhttptest' },
  { file: '/usr/bin/python3', package: 'python3' },
  { file: '/usr/lib/python3/dist-packages/httpx/__init__.py', package: 'python3-httpx' },
  { file: '/usr/lib/python3/dist-packages/aiohttp/__init__.py', package: 'python3-aiohttp' },
  { file: '/usr/lib/python3/dist-packages/fastapi', package: 'python3-fastapi' },
  { file: '/usr/bin/uvicorn', package: 'uvicorn' },
];

const missing = needs.filter(({ file }) => !existsSync(file)).map((need) => need.package);
if (missing.length > 0) install(missing);
installPrograms();

function install(packages: readonly string[]): void {
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const may = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!may) fail(`The tests need ${packages.join(', ')}. Install with: sudo ${command}`);
  process.stdout.write(`installing ${packages.join(', ')} for the tests\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const ran = (line: string): boolean =>
    spawnSync(line, { shell: true, env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  // An old package list can name versions that no longer exist.
  if (!(ran('apt-get update') && ran(command))) fail(`This failed: ${command}`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
