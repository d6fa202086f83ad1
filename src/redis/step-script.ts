import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

/**
 * Returns for each set at most `size` members after a place, with their scores, and the time now. A place
 * without a name is behind all members with its score, and one without a score is before all members. A search
 * among members with equal scores looks at the logarithm of their number.
 */
export const stepScript: RedisScript = defineScript(
  'step',
  ['no-writes'],
  `
local now, falling, size = toNow(ARGV[1]), ARGV[2] == 'falling', tonumber(ARGV[3])
local first, last = '-inf', text(now)
if falling then first, last = '+inf', '-inf' end

-- Lua compares texts by the locale of the server, and a sorted set by their bytes.
local function isBelow(one, other)
  for i = 1, math.min(#one, #other) do
    local a, b = one:byte(i), other:byte(i)
    if a ~= b then return a < b end
  end
  return #one < #other
end
local function range(key, from, to, ...)
  if falling then return redis.call('ZRANGE', key, from, to, 'REV', ...) end
  return redis.call('ZRANGE', key, from, to, ...)
end
local function countBefore(key, score, name)
  local before = falling and { '(' .. score, '+inf' } or { '-inf', '(' .. score }
  local low = redis.call('ZCOUNT', key, unpack(before))
  local high = low + redis.call('ZCOUNT', key, score, score)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local found = range(key, middle, middle)[1]
    local isAfter
    if falling then isAfter = isBelow(found, name) else isAfter = isBelow(name, found) end
    if isAfter then high = middle else low = middle + 1 end
  end
  return low
end
local function page(key, score, name)
  if name == '' then
    local from = score == '' and first or '(' .. score
    return range(key, from, last, 'BYSCORE', 'LIMIT', 0, size, 'WITHSCORES')
  end
  local start = countBefore(key, score, name)
  local found = range(key, start, start + size - 1, 'WITHSCORES')
  while not falling and #found > 0 and tonumber(found[#found]) > now do
    found[#found] = nil
    found[#found] = nil
  end
  return found
end

local pages = {}
for i, key in ipairs(KEYS) do pages[i] = page(key, ARGV[2 + 2 * i], ARGV[3 + 2 * i]) end
return { text(now), pages }
`,
);
