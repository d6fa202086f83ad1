import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

/** Returns the texts of the events an append wrote: from the log or, once trimmed, from their copy. */
const written = `
local function written(log, kept, field, ref, trimmed)
  if tonumber(ref[2]) == 0 then return {} end
  if tonumber(ref[1]) <= trimmed then return cjson.decode(redis.call('HGET', kept, field)) end
  return toTexts(log, ref)
end
`;

/**
 * Decides about an append in the order of `decideAppend` (src/log) and writes it. This is the one place where
 * a session's log and head change. A dropped session keeps only the field `last` and has no version. `k` and
 * `a` are the places of its keys and its arguments.
 */
const append = `
local now, expireMs, channel = toNow(ARGV[1]), ARGV[2], ARGV[3]
local hints = {}
local lifeMs = math.ceil(expireMs * 9 / 8)
local function append(k, a)
  local session, log, keys, kept = unpack(KEYS, k, k + 3)
  local name, tag, epoch, nonce, n, key, digest = unpack(ARGV, a + 1, a + 7)
  local was, head, dueAt, activeAt = unpack(ARGV, a + 8, a + 11)
  local count = tonumber(ARGV[a])

  local found = redis.call('HMGET', session, 'version', 'last', 'trimmed', 'epoch', 'nonce', 'n', 'answer', 'expires')
  local version, last, trimmed = found[1], tonumber(found[2] or '0'), tonumber(found[3] or '0')
  if not version then
    if found[2] or was ~= '0' or nonce ~= '' then return { 'missing' } end
    version = '0'
  else
    if nonce ~= '' then
      if nonce ~= found[5] or epoch ~= found[4] then return { 'fenced' } end
      if n == found[6] and n ~= '0' then
        local ref = cjson.decode(found[7])
        return { 'repeat', ref, written(log, kept, '', ref, trimmed) }
      end
      if tonumber(n) ~= tonumber(found[6]) + 1 then return { 'fenced' } end
    end
    local used = key ~= '' and redis.call('HGET', keys, key)
    if used then
      local ref = cjson.decode(used)
      if ref[6] ~= digest then return { 'mismatch' } end
      return { 'duplicate', ref, written(log, kept, key, ref, trimmed) }
    end
    if was ~= '' and was ~= version then return { 'conflict' } end
  end

  for i = 1, count do
    redis.call('XADD', log, text(last + i) .. '-0', 'tag', tag, 'at', text(now), 'event', ARGV[a + 11 + i])
  end
  if was ~= '' then version = text(tonumber(version) + 1) end
  local ref = { text(last + 1), text(count), text(now), tag, version }
  local set = { 'last', text(last + count), 'tag', tag }
  local function put(field, value) set[#set + 1] = field; set[#set + 1] = value end
  if was ~= '' then put('version', version); put('head', head); put('dueAt', dueAt) end
  if nonce ~= '' then put('n', n); put('answer', cjson.encode(ref)) end

  if expireMs ~= '0' then
    -- Set anew when an eighth of it is used up, so that words that stream do not each cost eight commands.
    local expires = tonumber(found[8] or '0')
    if was ~= '' or key ~= '' or last == 0 or expires < now + tonumber(expireMs) then
      put('expires', text(now + expireMs * 9 / 8))
    end
  end
  redis.call('HSET', session, unpack(set))
  if key ~= '' then
    ref[6] = digest
    redis.call('HSET', keys, key, cjson.encode(ref))
    redis.call('ZADD', KEYS[k + 6], ref[1], key)
  end
  if was ~= '' then
    local due, held, work, listed, ownWork = unpack(KEYS, k + 7, k + 11)
    local function schedule(set)
      if dueAt == '' then redis.call('ZREM', set, name) else redis.call('ZADD', set, dueAt, name) end
    end
    -- A session that is held comes back to \`due\` when its lease is given back or has run out.
    if not redis.call('ZSCORE', held, name) then schedule(due) end
    schedule(work)
    schedule(ownWork)
    if activeAt ~= '' then redis.call('ZADD', listed, activeAt, name) end
    for _, each in ipairs({ listed, ownWork }) do
      -- Longer than any turn, whose words do not touch them.
      if expireMs == '0' then redis.call('PERSIST', each)
      else redis.call('PEXPIRE', each, lifeMs + 86400000) end
    end
  end
  if set[#set - 1] == 'expires' then
    for i = k, k + 6 do redis.call('PEXPIRE', KEYS[i], lifeMs) end
  elseif expireMs == '0' and found[8] then
    redis.call('HDEL', session, 'expires')
    for i = k, k + 6 do redis.call('PERSIST', KEYS[i]) end
  end
  hints[#hints + 1] = version .. ' ' .. name
  return { 'appended', ref, {} }
end
`;

/**
 * Makes appends one after the other, and returns a reply for each. Each is decided on its own: an error in
 * one does not end the others. One message has the hints of all. The arguments are the time, the expiry, the
 * channel of the hints, and the appends. Each append has seven keys, and five more if it has a head.
 */
export const appendScript: RedisScript = defineScript(
  'append',
  [],
  `${written}${append}
local replies = {}
local k, a = 1, 4
while a <= #ARGV do
  local made, reply = pcall(append, k, a)
  if not made then reply = { 'error', type(reply) == 'table' and reply.err or tostring(reply) } end
  replies[#replies + 1] = reply
  k = k + (ARGV[a + 8] == '' and 7 or 12)
  a = a + 12 + tonumber(ARGV[a])
end
if #hints > 0 then redis.call('PUBLISH', channel, table.concat(hints, '\\n')) end
return replies
`,
);
