import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

/**
 * Replaces a checkpoint if its tag is the expected one, empty for none. The pages follow as number and text.
 * A turn saves at its end even if its session was dropped.
 */
export const saveCheckpointScript: RedisScript = defineScript(
  'saveCheckpoint',
  [],
  `
local session, checkpoint = unpack(KEYS)
-- Not all of ARGV: the pages may be more than Lua's stack takes.
local was, tag, record, count = unpack(ARGV, 1, 4)
if redis.call('HEXISTS', session, 'version') == 0 then return 0 end
local found = redis.call('HMGET', checkpoint, 'tag', 'count')
if (found[1] or '') ~= was then return 0 end
redis.call('HSET', checkpoint, 'tag', tag, 'record', record, 'count', count)
for i = 5, #ARGV, 2 do redis.call('HSET', checkpoint, ARGV[i], ARGV[i + 1]) end
for page = tonumber(count), tonumber(found[2] or '0') - 1 do redis.call('HDEL', checkpoint, text(page)) end
expireWith(session, checkpoint)
return 1
`,
);

/** Loads a checkpoint with its last pages below a number; an empty number stands for all pages. */
export const loadCheckpointScript: RedisScript = defineScript(
  'loadCheckpoint',
  ['no-writes'],
  `
local checkpoint = KEYS[1]
local found = redis.call('HMGET', checkpoint, 'tag', 'record', 'count')
if not found[1] then return false end
local count = tonumber(found[3])
local stop = math.min(tonumber(ARGV[2]) or count, count)
local first = math.max(0, stop - (tonumber(ARGV[1]) or count))
local pages = {}
for page = first, stop - 1 do pages[#pages + 1] = redis.call('HGET', checkpoint, text(page)) or '' end
return { found[1], found[2], found[3], text(first), pages }
`,
);
