import { defineScript } from './script.ts';
import type { Script } from './script.ts';

/** An owner's sessions in one shard, last active first: so many, and those as active as the last of them. */
export const listScript: Script = defineScript(
  ['no-writes'],
  `
local found = redis.call('ZRANGE', KEYS[1], ARGV[1], '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, ARGV[2], 'WITHSCORES')
local last = found[#found]
if not last or #found < ARGV[2] * 2 then return found end
local kept = {}
for i = 1, #found, 2 do
  if found[i + 1] ~= last then kept[#kept + 1] = found[i]; kept[#kept + 1] = found[i + 1] end
end
for _, each in ipairs(redis.call('ZRANGE', KEYS[1], last, last, 'BYSCORE', 'REV', 'WITHSCORES')) do kept[#kept + 1] = each end
return kept
`,
);
