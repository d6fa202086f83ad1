import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

/**
 * Forgets the entries up to and including one. First it copies what keys and the last fenced append wrote,
 * because a repeat of such an append must be answered as long as the session lives.
 */
export const trimScript: RedisScript = defineScript(
  'trim',
  ['allow-oom'],
  `
local session, log, keys, kept = unpack(KEYS)
local seq, upTo, state = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local found = redis.call('HMGET', session, 'version', 'last', 'trimmed', 'answer')
local last, trimmed = tonumber(found[2] or '0'), tonumber(found[3] or '0')
if not found[1] or (seq > 0 and seq <= trimmed) then return 'done' end
if seq < 1 or seq > last then return 'unknown' end
local place = text(seq) .. '-0'
local row = redis.call('XRANGE', log, place, place)[1]
if not row or text(seq) .. '-' .. row[2][2] ~= upTo then return 'unknown' end

local function keep(field, ref)
  local first = tonumber(ref[1])
  if tonumber(ref[2]) == 0 or first <= trimmed or first > seq then return end
  redis.call('HSET', kept, field, cjson.encode(toTexts(log, ref)))
end
local used = redis.call('HGETALL', keys)
for i = 1, #used, 2 do keep(used[i], cjson.decode(used[i + 1])) end
if found[4] then keep('', cjson.decode(found[4])) end

redis.call('HSET', session, 'trimmed', text(seq), 'trimmedId', upTo, 'base', state)
redis.call('XTRIM', log, 'MINID', text(seq + 1) .. '-0')
local left = redis.call('PTTL', session)
if left > 0 then redis.call('PEXPIRE', kept, left) end
return 'done'
`,
);

/** Deletes a session, but keeps the number of its last entry: it makes a late append fail as `missing`. */
export const dropScript: RedisScript = defineScript(
  'drop',
  ['allow-oom'],
  `
local session, log, keys, kept, snapshots, due, held, owner = unpack(KEYS)
local name, channel, tombstoneMs = unpack(ARGV)
local found = redis.call('HMGET', session, 'version', 'last')
if not found[1] then return 0 end
redis.call('DEL', session, log, keys, kept, snapshots)
redis.call('HSET', session, 'last', found[2])
redis.call('PEXPIRE', session, tombstoneMs)
redis.call('ZREM', due, name)
redis.call('ZREM', held, name)
redis.call('ZREM', owner, name)
redis.call('PUBLISH', channel, ' ' .. name)
return 1
`,
);
