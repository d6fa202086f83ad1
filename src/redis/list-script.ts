import { defineScript } from './script.ts';
import type { Script } from './script.ts';

/** An owner's sessions in shards, last active first in each: so many, and those as active as the last of them. */
export const listScript: Script = defineScript(
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
