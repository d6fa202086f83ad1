/** Makes an idempotency key of 128 random bits. Not by `randomUUID`, which pages on plain http (but localhost) do not have. */
export function createKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
