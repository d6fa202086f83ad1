import { defineScript } from './script.ts';
import type { RedisScript } from './script.ts';

/** A page ends after this many bytes: a reader must not load a log of large messages at once. */
const pageSize = 1_048_576;

/**
 * Reads a page, the head and the end of the log, all at one moment. It also reads the entry before the page:
 * the tag of that entry shows whether the reader's place is in this log.
 */
export const readScript: RedisScript = defineScript(
  'read',
  ['no-writes'],
  `
local session, log = unpack(KEYS)
local after, limit = ARGV[1], tonumber(ARGV[3])
local found = redis.call('HMGET', session, 'head', 'last', 'trimmed', 'trimmedId')
local head, last, trimmed = found[1], tonumber(found[2]), tonumber(found[3] or '0')
if not head then return { 'missing' } end

local start, base = trimmed + 1, ''
local checks = false
if ARGV[2] ~= '' then
  local seq = tonumber(ARGV[2])
  if seq > last then return { 'gone', 'beyond' } end
  if seq < trimmed and seq > 0 then return { 'gone', 'trimmed' } end
  if seq < 1 or (seq == trimmed and after ~= found[4]) then return { 'gone', 'unknown' } end
  checks = seq > trimmed
  start = checks and seq or seq + 1
elseif trimmed > 0 and limit > 0 then
  base = redis.call('HGET', session, 'base')
end

local entries, size, place = {}, 0, start
local stop = start + limit + (checks and 1 or 0)
while place < stop and place <= last and size <= ${pageSize} do
  local rows = redis.call('XRANGE', log, text(place) .. '-0', '+', 'COUNT', math.min(stop - place, 64))
  if #rows == 0 then return { 'damaged', text(place) } end
  for i = 1, #rows do
    local id, fields = rows[i][1], rows[i][2]
    if id ~= text(place) .. '-0' then return { 'damaged', text(place) } end
    if checks and place == start then
      if text(place) .. '-' .. fields[2] ~= after then return { 'gone', 'unknown' } end
    else
      entries[#entries + 1] = fields[2]
      entries[#entries + 1] = fields[4]
      entries[#entries + 1] = fields[6]
      size = size + #fields[6]
    end
    place = place + 1
    if size > ${pageSize} then break end
  end
end
local ended = limit > 0 and place > last
return { 'page', head, base, ended and '1' or '', text(checks and start + 1 or start), entries }
`,
);
