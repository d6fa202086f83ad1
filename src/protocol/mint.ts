const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

// Asked for in blocks: one call to the generator costs as much for 6 bytes as for 1,024.
const pool = new Uint8Array(1024);
let used = pool.length;

/** Mints a random name of `length` characters `[A-Za-z0-9]`, about 5.95 bits each. */
export function mint(length: number): string {
  let name = '';
  while (name.length < length) {
    if (used === pool.length) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    // Six bits a character; the two values past the alphabet are thrown away, so that all characters are equally likely.
    name += alphabet[(pool[used++] ?? 63) & 63] ?? '';
  }
  return name;
}
