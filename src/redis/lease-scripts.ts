import { maxLeaseMs } from '../log/internal.ts';
import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

const isLive = `
local function isLive(expiry, now) return expiry > now and expiry <= now + ${maxLeaseMs} end
`;

/**
 * Takes the lease if no live lease exists, and returns its epoch. If the session has expired, removes what it
 * left in the indices.
 */
export const claimScript: RedisScript = defineScript(
  'claim',
  [],
  `${isLive}
local session, due, held = unpack(KEYS)
local name, nonce, ttlMs = ARGV[2], ARGV[3], tonumber(ARGV[4])
local now = toNow(ARGV[1])
local found = redis.call('HMGET', session, 'version', 'epoch', 'nonce', 'until')
if not found[1] then
  redis.call('ZREM', due, name)
  redis.call('ZREM', held, name)
  return false
end
if found[3] and isLive(tonumber(found[4]), now) then return false end
local epoch = text(tonumber(found[2] or '0') + 1)
redis.call('HSET', session, 'epoch', epoch, 'nonce', nonce, 'until', text(now + ttlMs), 'n', '0')
redis.call('ZREM', due, name)
redis.call('ZADD', held, text(now + ttlMs), name)
return epoch
`,
);

const isHolder = `
local session, due, held = unpack(KEYS)
local name, epoch, nonce = unpack(ARGV, 2, 4)
local found = redis.call('HMGET', session, 'epoch', 'nonce', 'version', 'dueAt')
if found[1] ~= epoch or found[2] ~= nonce then return 0 end
`;

/** Renews a lease. This works when memory is full too: the holder must not lose its lease for that. */
export const renewScript: RedisScript = defineScript(
  'renew',
  ['allow-oom'],
  `${isHolder}
local expiry = text(toNow(ARGV[1]) + tonumber(ARGV[5]))
redis.call('HSET', session, 'until', expiry)
redis.call('ZREM', due, name)
redis.call('ZADD', held, expiry, name)
return 1
`,
);

/** Gives a lease back unless the head has moved on. */
export const releaseScript: RedisScript = defineScript(
  'release',
  ['allow-oom'],
  `${isHolder}
if ARGV[5] ~= '' and ARGV[5] ~= found[3] then return 0 end
redis.call('HDEL', session, 'nonce', 'until', 'n', 'answer')
redis.call('ZREM', held, name)
if found[4] ~= '' then redis.call('ZADD', due, found[4], name) end
return 1
`,
);

/**
 * Returns the due sessions that no node holds, with their times, then the sessions whose lease has expired,
 * and the time now.
 */
export const dueScript: RedisScript = defineScript(
  'due',
  ['no-writes'],
  `
local now, limit = toNow(ARGV[1]), ARGV[2]
local free, late = {}, {}
local function find(found, ...)
  for _, each in ipairs(redis.call('ZRANGE', ...)) do found[#found + 1] = each end
end
for i = 1, #KEYS, 2 do
  find(free, KEYS[i], '-inf', text(now), 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES')
  find(late, KEYS[i + 1], '-inf', text(now), 'BYSCORE', 'LIMIT', 0, limit)
  -- One that lives longer than any lease was given before the clock was set back.
  find(late, KEYS[i + 1], '(' .. text(now + ${maxLeaseMs}), '+inf', 'BYSCORE', 'LIMIT', 0, limit)
end
return { free, late, text(now) }
`,
);

/**
 * Moves a session whose lease has expired back to `due`, and returns when it is due. Its holder may still
 * renew and write.
 */
export const lapseScript: RedisScript = defineScript(
  'lapse',
  ['allow-oom'],
  `${isLive}
local session, due, held = unpack(KEYS)
local name = ARGV[2]
local found = redis.call('HMGET', session, 'until', 'dueAt')
if found[1] and isLive(tonumber(found[1]), toNow(ARGV[1])) then return false end
redis.call('ZREM', held, name)
if not found[2] or found[2] == '' then return false end
redis.call('ZADD', due, found[2], name)
return found[2]
`,
);
