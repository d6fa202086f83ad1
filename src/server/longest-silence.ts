/**
 * The longest silence in milliseconds that the HTTP server of the runtime tolerates. `Bun.serve` ends a
 * connection after 10 s without a byte, and counts them in steps of 4 s. Its option `idleTimeout` cannot be
 * read here.
 */
export const longestSilenceMs: number = 'Bun' in globalThis ? 5_000 : Infinity;
