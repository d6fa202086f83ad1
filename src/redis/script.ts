import { createHash } from 'node:crypto';

/** A Lua script. The server remembers it by its digest once it has run. */
export interface RedisScript {
  /** The name that its runs are counted under. */
  readonly name: string;
  readonly text: string;
  readonly sha: string;
}

/**
 * The flags that a script declares to Redis before it runs
 * (https://redis.io/docs/latest/develop/programmability/eval-intro/#script-flags).
 */
type Flag = 'no-writes' | 'allow-oom';

/**
 * The functions that all scripts share. `toNow` returns the time in milliseconds: the server's, or the one
 * that a test gives. `text` formats a number. `expireWith` lets keys expire together with their session. `toTexts` returns the events that an append wrote. `ref` is the
 * place of that append: [first, count, at, tag, version].
 */
const shared = `
local function toNow(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function text(number) return string.format('%.17g', number) end
local function toTexts(log, ref)
  local rows = redis.call('XRANGE', log, ref[1] .. '-0', text(ref[1] + ref[2] - 1) .. '-0')
  local texts = {}
  for i = 1, #rows do texts[i] = rows[i][2][6] end
  return texts
end
local function expireWith(session, ...)
  local left = redis.call('PTTL', session)
  if left <= 0 then return end
  for _, key in ipairs({ ... }) do redis.call('PEXPIRE', key, left) end
end
`;

/** Defines a script. Without a flag, a server with full memory refuses it before it writes anything. */
export function defineScript(name: string, flags: readonly Flag[], body: string): RedisScript {
  const text = `#!lua${flags.length > 0 ? ` flags=${flags.join(',')}` : ''}\n${shared}${body}`;
  return { name, text, sha: createHash('sha1').update(text).digest('hex') };
}
