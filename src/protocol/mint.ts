const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

// Random bytes are read in blocks: one call to the generator costs as much for 6 bytes as for 1,024.
const pool = new Uint8Array(1024);
let used = pool.length;

/** Creates a random name of `length` characters `[A-Za-z0-9]`, about 5.95 bits each. */
export function mint(length: number): string {
  let name = '';
  while (name.length < length) {
    if (used === pool.length) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    // Each character takes six bits. The two values beyond the alphabet are dropped, so all characters are
    // equally likely.
    name += alphabet[(pool[used++] ?? 63) & 63] ?? '';
  }
  return name;
}
