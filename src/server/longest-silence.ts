/**
 * The longest silence in milliseconds that the runtime's own server puts up with. `Bun.serve` ends a connection after 10 s without a byte,
 * and counts them in steps of 4 s; what it was told instead (`idleTimeout`) nobody can ask it.
 */
export const longestSilenceMs: number = 'Bun' in globalThis ? 5_000 : Infinity;
