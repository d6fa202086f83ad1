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
local session, due, held, work = unpack(KEYS)
local name, nonce, ttlMs = ARGV[2], ARGV[3], tonumber(ARGV[4])
local now = toNow(ARGV[1])
local found = redis.call('HMGET', session, 'version', 'epoch', 'nonce', 'until')
if not found[1] then
  for _, set in ipairs({ due, held, work }) do redis.call('ZREM', set, name) end
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

/** Returns sessions whose lease has expired: of each shard as many as the limit at most. */
export const lateScript: RedisScript = defineScript(
  'late',
  ['no-writes'],
  `
local now, limit = toNow(ARGV[1]), ARGV[2]
local late = {}
local function find(...)
  for _, name in ipairs(redis.call('ZRANGE', ...)) do late[#late + 1] = name end
end
for _, held in ipairs(KEYS) do
  find(held, '-inf', text(now), 'BYSCORE', 'LIMIT', 0, limit)
  -- One that lives longer than any lease was given before the clock was set back.
  find(held, '(' .. text(now + ${maxLeaseMs}), '+inf', 'BYSCORE', 'LIMIT', 0, limit)
end
return late
`,
);

/** Moves a session whose lease has expired back to `due`. Its holder may still renew and write. */
export const lapseScript: RedisScript = defineScript(
  'lapse',
  ['allow-oom'],
  `${isLive}
local session, due, held, work = unpack(KEYS)
local name = ARGV[2]
local found = redis.call('HMGET', session, 'until', 'dueAt')
if found[1] and isLive(tonumber(found[1]), toNow(ARGV[1])) then return 0 end
redis.call('ZREM', held, name)
if found[2] and found[2] ~= '' then redis.call('ZADD', due, found[2], name)
else redis.call('ZREM', work, name) end
return 1
`,
);
