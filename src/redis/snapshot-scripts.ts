import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

/** Saves a snapshot if its session exists. A turn saves at its end even if its session was dropped. */
export const saveScript: RedisScript = defineScript(
  'save',
  [],
  `
local session, snapshots = unpack(KEYS)
if redis.call('HEXISTS', session, 'version') == 0 then return 0 end
redis.call('HSET', snapshots, ARGV[1], ARGV[2])
expireWith(session, snapshots)
return 1
`,
);

export const keepOnlyScript: RedisScript = defineScript(
  'keepOnly',
  ['allow-oom'],
  `
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  if name ~= ARGV[1] then redis.call('HDEL', KEYS[1], name) end
end
return 1
`,
);
