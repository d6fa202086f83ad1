import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

/** How many entries one call deletes at most. It holds the server for some milliseconds. */
export const mostTrimmed = 50_000;

/** How many idempotency keys, and entries that they wrote, one call copies. */
const mostCopied = 1_000;

/**
 * Forgets the entries up to and including one. First it copies what keys and the last fenced append wrote,
 * because a repeat of such an append must be answered as long as the session lives. Returns `more` if it has
 * to be called again, and at last the first entry that is forgotten and not yet deleted.
 */
export const trimScript: RedisScript = defineScript(
  'trim',
  ['allow-oom'],
  `
local session, log, keys, kept = unpack(KEYS)
local untrimmed = KEYS[7]
local seq, upTo, state = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local found = redis.call('HMGET', session, 'version', 'last', 'trimmed', 'answer')
local last, trimmed = tonumber(found[2] or '0'), tonumber(found[3] or '0')
if not found[1] or (seq > 0 and seq <= trimmed) then return { 'done', text(seq + 1) } end
if seq < 1 or seq > last then return { 'unknown' } end
local place = text(seq) .. '-0'
local row = redis.call('XRANGE', log, place, place)[1]
if not row or text(seq) .. '-' .. row[2][2] ~= upTo then return { 'unknown' } end

local function keep(field, ref)
  local first = tonumber(ref[1])
  if tonumber(ref[2]) == 0 or first <= trimmed or first > seq then return end
  redis.call('HSET', kept, field, cjson.encode(toTexts(log, ref)))
end
local next = redis.call('ZRANGE', untrimmed, '-inf', text(seq), 'BYSCORE', 'LIMIT', 0, ${mostCopied})
local done, cost = 0, 0
while done < #next and cost < ${mostCopied} do
  done = done + 1
  local ref = cjson.decode(redis.call('HGET', keys, next[done]))
  keep(next[done], ref)
  cost = cost + 1 + tonumber(ref[2])
end
if done > 0 then redis.call('ZREMRANGEBYRANK', untrimmed, 0, done - 1) end
if found[4] then keep('', cjson.decode(found[4])) end
expireWith(session, kept, untrimmed)
if done < #next or done == ${mostCopied} then return { 'more' } end

redis.call('HSET', session, 'trimmed', text(seq), 'trimmedId', upTo, 'base', state)
local first = tonumber(redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1][1]:match('^%d+'))
local stop = math.min(first + ${mostTrimmed}, seq + 1)
redis.call('XTRIM', log, 'MINID', text(stop) .. '-0')
return { 'done', text(stop) }
`,
);

/** Deletes a session, but keeps the number of its last entry: it makes a late append fail as `missing`. */
export const dropScript: RedisScript = defineScript(
  'drop',
  ['allow-oom'],
  `
local session = KEYS[1]
local name, channel, tombstoneMs = unpack(ARGV)
local found = redis.call('HMGET', session, 'version', 'last')
if not found[1] then return 0 end
for i = 1, 7 do redis.call('UNLINK', KEYS[i]) end
for i = 8, #KEYS do redis.call('ZREM', KEYS[i], name) end
redis.call('HSET', session, 'last', found[2])
redis.call('PEXPIRE', session, tombstoneMs)
redis.call('PUBLISH', channel, ' ' .. name)
return 1
`,
);

/** Removes a session that has expired from a sorted set, unless it was created anew. */
export const forgetMemberScript: RedisScript = defineScript(
  'forgetMember',
  ['allow-oom'],
  `
local session, set = unpack(KEYS)
if redis.call('HEXISTS', session, 'version') == 0 then redis.call('ZREM', set, ARGV[1]) end
return 1
`,
);
