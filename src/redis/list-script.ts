import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

/**
 * Returns an owner's sessions, the last active first in each shard: up to the limit, and all sessions that
 * were active at the same time as the last of them.
 */
export const listScript: RedisScript = defineScript(
  'list',
  ['no-writes'],
  `
local below, limit = ARGV[1], tonumber(ARGV[2])
local listed = {}
for _, key in ipairs(KEYS) do
  local found = redis.call('ZRANGE', key, below, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit, 'WITHSCORES')
  local last = #found == limit * 2 and found[#found]
  for i = 1, #found, 2 do
    if found[i + 1] ~= last then listed[#listed + 1] = found[i]; listed[#listed + 1] = found[i + 1] end
  end
  if last then
    for _, each in ipairs(redis.call('ZRANGE', key, last, last, 'BYSCORE', 'WITHSCORES')) do listed[#listed + 1] = each end
  end
end
return listed
`,
);

/** Returns the sessions at work, which are due and not held, or held; and the time now. */
export const atWorkScript: RedisScript = defineScript(
  'atWork',
  ['no-writes'],
  `
local now = toNow(ARGV[1])
local found = {}
local function add(names) for _, name in ipairs(names) do found[#found + 1] = name end end
for i = 1, #KEYS, 2 do
  add(redis.call('ZRANGE', KEYS[i], '-inf', text(now), 'BYSCORE'))
  add(redis.call('ZRANGE', KEYS[i + 1], 0, -1))
end
return { found, text(now) }
`,
);
