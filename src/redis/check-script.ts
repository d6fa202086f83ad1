import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

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
