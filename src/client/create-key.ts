/**
 * Creates an idempotency key of 128 random bits. Pages on plain http (except localhost) lack `randomUUID`.
 */
export function createKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
