import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { root } from '../child.ts';

/** The ports of the nodes of each cell. The files have the cells `one` and `two`, of two nodes each. */
export interface CellPorts {
  readonly one: readonly [number, number];
  readonly two: readonly [number, number];
  /** A cell that is added: it gets slots of both others. */
  readonly three?: readonly [number, number];
}

export interface CellsPlace {
  readonly cells: CellPorts;
  /** The port of the proxy. */
  readonly port: number;
  /** The folder that has the files. */
  readonly folder: string;
  /** Connections that a worker of nginx may have. */
  readonly connections: number;
  /** Lines of `owners.map`: the digest of a key, and its owner. */
  readonly owners: readonly string[];
}

/** The first hex digits of the slots that a third cell gets: three of each of the other cells. */
export const movedSlots: RegExp = /^[567def]/;

/** Returns the files of nginx: those of `deploy/cells/`, with the ports and the folder of a place. */
export function toNginxCells({ cells, port, connections }: CellsPlace): Readonly<Record<string, string>> {
  const servers = (cells.three ?? []).map((each) => `server 127.0.0.1:${each} max_fails=0;`).join(' ');
  const shipped = replaceAll(read('nginx.conf'), {
    ...toPorts(cells),
    'listen 80;': `listen 127.0.0.1:${port};`,
    ...(cells.three && {
      'upstream any {': `upstream three { ${servers} keepalive 64; } upstream any { ${servers}`,
      '"~^1:one:" one;': '"~^1:one:" one; "~^1:three:" three; "~:[567def][^:]+$" three;',
    }),
  });
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${name};`,
  );
  return {
    'nginx.conf': `user ${userInfo().username}; daemon off; pid nginx.pid; error_log stderr;
      worker_rlimit_nofile ${connections * 2}; events { worker_connections ${connections}; }
      http { access_log off; ${paths.join(' ')} ${shipped} }`,
  };
}

/** Returns the files of HAProxy, likewise. */
export function toHaproxyCells({
  cells,
  port,
  folder,
  owners,
}: CellsPlace): Readonly<Record<string, string>> {
  const servers = (cells.three ?? []).map((each, index) => `  server three${index + 1} 127.0.0.1:${each}\n`);
  const toBackend = (header: string): string => `backend ${header}\n${servers.join('')}`;
  const shipped = replaceAll(read('haproxy.cfg'), {
    ...toPorts(cells),
    'bind :80': `bind 127.0.0.1:${port}`,
    '/etc/haproxy/': `${folder}/`,
    // Only root may become another user.
    ...(process.getuid?.() !== 0 && { '  user haproxy\n  group haproxy\n': '' }),
    ...(cells.three && {
      'acl cell url_param(cell) one two': 'acl cell url_param(cell) one two three',
      'backend any from plain\n': ['three_streams from streams', 'three from plain', 'any from plain']
        .map(toBackend)
        .join(''),
    }),
  });
  const table = read('cells.map');
  return {
    'haproxy.cfg': shipped,
    'cells.map': cells.three ? table.replaceAll(/^([567def]) \w+$/gm, '$1 three') : table,
    'owners.map': [read('owners.map').trimEnd(), ...owners, ''].join('\n'),
    'comes-back.http': read('comes-back.http'),
  };
}

function read(name: string): string {
  return readFileSync(join(root, 'deploy/cells', name), 'utf8');
}

function toPorts({ one, two }: CellPorts): Readonly<Record<string, string>> {
  const [shipped, ours] = [
    [8011, 8012, 8021, 8022],
    [...one, ...two],
  ];
  return Object.fromEntries(shipped.map((port, index) => [`127.0.0.1:${port}`, `127.0.0.1:${ours[index]}`]));
}

/** Replaces parts of a text. Throws if one of them is not there. */
function replaceAll(text: string, parts: Readonly<Record<string, string>>): string {
  // In one pass, so that a port that was put in is not replaced again.
  const found = new Set<string>();
  const escaped = Object.keys(parts).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const replaced = text.replaceAll(new RegExp(escaped.join('|'), 'g'), (part) => {
    found.add(part);
    return parts[part] ?? part;
  });
  const missing = Object.keys(parts).filter((part) => !found.has(part));
  if (missing.length > 0) throw new Error(`The file has no ${missing.join(' and no ')}.`);
  return replaced;
}
