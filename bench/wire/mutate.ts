import type { Random } from 'heddle/testing';

// Pieces that are hard for parsers of this format. `junk` is not UTF-8.
const pieces = [
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  '\r\r',
  '\r\n\r\n',
  ':',
  ': ',
  ' ',
  'data',
  'data:',
  'data: ',
  'data: x\n\n',
  'event: a\n',
  'event',
  'id: 1\n',
  'id',
  'id:\n',
  'id: \0\n',
  'retry: 10\n',
  'retry',
  'retry: 1x\n',
  ':\n',
  '\0',
  '豆',
  '🚀',
  '\ufeff',
  '\ufffd',
  'data:'.padEnd(600, 'y'),
  ':'.padEnd(5000, 'z'),
  'data: {"text":"heddle"}\n\n'.repeat(40),
  '0',
  '9',
].map((text) => new TextEncoder().encode(text));
const junk = [
  [0x80],
  [0xc3],
  [0xe8, 0xb1],
  [0xf0, 0x9f],
  [0xed, 0xa0, 0x80],
  [0xff],
  [0xef, 0xbb],
  [0xf4, 0x90],
].map((bytes) => Uint8Array.from(bytes));
const largest = 20_000;

/** Returns a new stream from one or two: it inserts, cuts out, doubles or joins pieces, and changes bytes. */
export function mutate(random: Random, stream: Uint8Array, other: Uint8Array): Uint8Array {
  let result = stream;
  for (let i = random.integer(0, 3); i >= 0; i--) {
    const at = random.integer(0, result.length);
    const end = Math.min(result.length, at + random.integer(0, random.pick([2, 8, 700]) - 1));
    const before = result.subarray(0, at);
    switch (random.integer(0, 5)) {
      case 0:
        result = join(before, random.pick(pieces), result.subarray(at));
        break;
      case 1:
        result = join(before, random.pick(junk), result.subarray(at));
        break;
      case 2:
        result = join(before, result.subarray(end));
        break;
      case 3:
        result = join(before, result.subarray(at, end), result.subarray(at));
        break;
      case 4:
        result = join(before, other.subarray(random.integer(0, other.length)));
        break;
      default:
        result = result.slice();
        if (at < result.length) result[at] = random.integer(0, 255);
    }
  }
  return result.slice(0, largest);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
