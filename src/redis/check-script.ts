import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

/**
 * Writes what nobody reads, as an append would: a server that is full, saves to a full disk, or is a replica
 * refuses it.
 */
export const checkScript: RedisScript = defineScript(
  'check',
  [],
  `
redis.call('SET', KEYS[1], '', 'PX', 60000)
return 1
`,
);
