/** Ranges of IPv4 that are not the public internet (IANA's registry of special addresses). */
const special4: readonly (readonly [address: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // Carrier-grade NAT. Some clouds serve metadata here.
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local, with the metadata of most clouds.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved addresses and broadcast.
  ['224.0.0.0', 3],
  // A public address that is the host's own agent in one cloud.
  ['168.63.129.16', 32],
];

/** Ranges inside the global unicast of IPv6 that are special: Teredo and others, examples, 6to4. */
const special6: readonly (readonly [start: readonly number[], bits: number])[] = [
  [[0x2001, 0], 23],
  [[0x2001, 0xdb8], 32],
  [[0x2002], 16],
  [[0x2620, 0x4f, 0x8000], 48],
  [[0x3fff, 0], 20],
];

/**
 * Returns whether a text is an address of the public internet. Private, loopback, link-local, shared,
 * multicast, unspecified and reserved addresses are not. Nor are the addresses of IPv6 that stand for one of
 * IPv4 (mapped, 6to4, NAT64, Teredo, ISATAP): they lead wherever that one does. A text that is no address is
 * not public.
 */
export function isPublicAddress(text: string): boolean {
  const four = toWord4(text);
  if (four !== undefined) return !special4.some(([start, bits]) => isIn4(four, toWord4(start) ?? 0, bits));
  const six = toWords6(text);
  if (six === undefined) return false;
  // Global unicast is 2000::/3. All else is special, or not assigned.
  if ((six[0] ?? 0) >>> 13 !== 1 || isIsatap(six)) return false;
  return !special6.some(([start, bits]) => isIn6(six, start, bits));
}

/** Returns whether a text is an IP address: four decimal numbers, or IPv6 without brackets and zone. */
export function isAddress(text: string): boolean {
  return toWord4(text) !== undefined || toWords6(text) !== undefined;
}

/** ISATAP has an address of IPv4 after `0:5efe` or `200:5efe`, below any prefix. */
function isIsatap(words: readonly number[]): boolean {
  return words[5] === 0x5efe && (words[4] === 0 || words[4] === 0x200);
}

function isIn4(address: number, start: number, bits: number): boolean {
  return Math.floor(address / 2 ** (32 - bits)) === Math.floor(start / 2 ** (32 - bits));
}

function isIn6(words: readonly number[], start: readonly number[], bits: number): boolean {
  return words.every((word, index) => {
    const left = Math.min(16, Math.max(0, bits - index * 16));
    return word >>> (16 - left) === (start[index] ?? 0) >>> (16 - left);
  });
}

function toWord4(text: string): number | undefined {
  // With a leading zero, some programs read a number as octal.
  const isPlain = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text);
  const bytes = isPlain ? text.split('.') : [];
  const numbers = bytes.map(Number);
  if (numbers.length !== 4 || numbers.some((byte) => byte > 255)) return undefined;
  return numbers.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Returns the eight words of an IPv6 address. */
function toWords6(text: string): readonly number[] | undefined {
  // URL accepts each form of an address, and returns one of them, in hexadecimal.
  const name = /^[\da-f:.]+$/i.test(text) ? URL.parse(`http://[${text}]`)?.hostname : undefined;
  if (name === undefined) return undefined;
  const [left = '', right] = name.slice(1, -1).split('::');
  const toNumbers = (half: string): readonly number[] =>
    half === '' ? [] : half.split(':').map((word) => Number.parseInt(word, 16));
  const [before, after] = [toNumbers(left), toNumbers(right ?? '')];
  const gap = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...gap, ...after];
}
