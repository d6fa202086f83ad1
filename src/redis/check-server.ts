import { RefusalError } from '../protocol/index.ts';
import { isRecord } from '../protocol/internal.ts';
import { toReason } from './failure.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { toList, toOptionalReply, toReplyText } from './reply.ts';
import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

/** The version of the layout that this code reads and writes (docs/decisions/009-redis-layout.md). */
const layoutVersion = 2;

/**
 * Writes a key that is never read, as an append would write. A server refuses it if its memory is full, if it
 * cannot save to its disk, or if it is a replica.
 */
export const checkScript: RedisScript = defineScript(
  'check',
  [],
  `
redis.call('SET', KEYS[1], '', 'PX', 60000)
return 1
`,
);

/**
 * Checks that the server can keep what the store writes. Throws an Error if the server is too old, if it may
 * evict keys, or if its data has another layout or number of shards; where a setting helps, the message
 * contains it. Calls `warn` if a restart may lose data, and if INFO or CONFIG is forbidden.
 */
export async function checkServer(
  link: RedisLink,
  keys: Keys,
  warn: (sentence: string) => void,
): Promise<void> {
  const info = await readInfo(link, warn);
  const version = info.get('valkey_version') ?? info.get('redis_version');
  if (version !== undefined && Number.parseInt(version, 10) < 7)
    throw new Error(`Redis is too old: it is version ${version}, and this needs 7 or later.`);

  const policy = info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw new Error(
      `Redis may evict what was acknowledged (maxmemory-policy is ${policy}). Set this in redis.conf: maxmemory-policy noeviction`,
    );
  }
  await warnOfLoss(link, info, warn);

  await checkLayout(link, keys);
}

async function checkLayout(link: RedisLink, { layout, shards }: Keys): Promise<void> {
  const mine = `${layoutVersion}/${shards}`;
  const kept = toOptionalReply(await link.send(['SET', layout, mine, 'NX', 'GET']), toReplyText) ?? mine;
  const [version, count] = kept.split('/');
  if (version !== String(layoutVersion))
    throw new Error(
      `The data in this Redis has layout ${version}, and this Heddle reads layout ${layoutVersion}: use the Heddle that wrote it, another Redis or another prefix.`,
    );
  if (count !== String(shards))
    throw new Error(
      `The sessions in this Redis lie in ${count} shards, and this asks for ${shards}: set shards to ${count}.`,
    );
}

async function warnOfLoss(
  link: RedisLink,
  info: ReadonlyMap<string, string>,
  warn: (sentence: string) => void,
): Promise<void> {
  if (info.get('aof_enabled') === '0') {
    warn(
      'Redis keeps no append-only file: a restart loses what was written since the last snapshot. Set this in redis.conf: appendonly yes',
    );
    return;
  }
  const fsync = await readConfig(link, 'appendfsync').catch((error: unknown) => {
    if (!isForbidden(error)) throw error;
    warn(
      'Redis does not tell how it is configured (CONFIG is forbidden); see to it that appendfsync is everysec or always.',
    );
    return undefined;
  });
  if (fsync === 'no')
    warn(
      'Redis leaves it to the system when the append-only file reaches the disk. Set this in redis.conf: appendfsync everysec',
    );
}

async function readInfo(
  link: RedisLink,
  warn: (sentence: string) => void,
): Promise<ReadonlyMap<string, string>> {
  try {
    const text = toReplyText(await link.send(['INFO']));
    return new Map(
      [...text.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
  } catch (error) {
    if (!isForbidden(error)) throw error;
    warn(
      'Redis does not tell what it is (INFO is forbidden); see to it that it is 7 or later and that maxmemory-policy is noeviction.',
    );
    return new Map();
  }
}

/** Reads a setting that INFO does not contain. Depending on the client, the reply is a list or an object. */
async function readConfig(link: RedisLink, name: string): Promise<string | undefined> {
  const reply = await link.send(['CONFIG', 'GET', name]);
  return toOptionalReply(isRecord(reply) ? reply[name] : toList(reply)[1], toReplyText);
}

function isForbidden(error: unknown): boolean {
  return error instanceof RefusalError && /NOPERM|unknown command/.test(toReason(error.cause));
}
