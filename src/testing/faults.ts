import type { Random } from './random.ts';

/** The faults of one connection. `down` shapes the bytes of the server, `up` those of the client. */
export interface Faults {
  /** Resets the connection as soon as it is made. */
  readonly refuse?: true;
  readonly down?: Shape;
  readonly up?: Shape;
}

/** The faults of one direction. */
export interface Shape {
  /** The delay of each piece in milliseconds. Pieces keep their order. */
  readonly latencyMs?: number;
  /** The largest random extra delay, in milliseconds. */
  readonly jitterMs?: number;
  /** The rate of bytes per second. */
  readonly bytesPerSecond?: number;
  /** The smallest and largest size of the random pieces, in bytes. */
  readonly slice?: { readonly min: number; readonly max: number };
  /** Sends nothing before this many bytes have arrived (or the direction has ended). */
  readonly holdBytes?: number;
  /** Ends the connection after exactly this many bytes have gone out. */
  readonly cut?: { readonly atByte: number; readonly how: Cut };
}

/**
 * `rst`: reset. `fin`: a clean end in the middle of the bytes. `silence`: the connection stays open, and
 * nothing passes in either direction.
 */
export type Cut = 'rst' | 'fin' | 'silence';

/** Decides the faults of a connection. Connections are counted from 0. */
export type Plan = (connection: number, random: Random) => Faults;

/**
 * Plans any faults of a network. About one connection in six has none. All others are cut in their first
 * bytes.
 */
export const anyFaults: Plan = (_, random) => {
  if (random.chance(1 / 6)) return {};
  if (random.chance(0.05)) return { refuse: true };
  const how = random.pick<Cut>(['rst', 'rst', 'fin', 'fin', 'silence']);
  // Most cuts come early, in the headers and the first frames; some come late.
  const atByte = Math.floor(random.next() ** 2 * 6_000);
  return {
    down: {
      cut: { atByte, how },
      ...(random.chance(0.3) && { slice: { min: 1, max: 3 } }),
      ...(random.chance(0.3) && { latencyMs: random.integer(0, 4), jitterMs: random.integer(0, 4) }),
      ...(random.chance(0.1) && { holdBytes: random.integer(1, 600) }),
      ...(random.chance(0.1) && { bytesPerSecond: random.integer(20_000, 200_000) }),
    },
  };
};
