import type { Random } from './random.ts';

/** What a fault proxy does to one connection. `down` is what the server answers, `up` what the client asks. */
export interface Faults {
  /** The connection is reset as soon as it is made. */
  readonly refuse?: true;
  readonly down?: Shape;
  readonly up?: Shape;
}

/** What is done to the bytes of one direction. */
export interface Shape {
  /** Milliseconds each piece is late. Pieces keep their order. */
  readonly latencyMs?: number;
  /** Up to so many milliseconds more, by chance. */
  readonly jitterMs?: number;
  /** How fast bytes go through. */
  readonly bytesPerSecond?: number;
  /** Bytes go out in pieces of so many, by chance. */
  readonly slice?: { readonly min: number; readonly max: number };
  /** Nothing goes out before so many bytes have come (or the direction has ended). */
  readonly holdBytes?: number;
  /** Ends the connection when exactly so many bytes have gone out. */
  readonly cut?: { readonly atByte: number; readonly how: Cut };
}

/** `rst`: reset. `fin`: a clean end in mid-word. `silence`: the connection stays, and nothing comes any more, either way. */
export type Cut = 'rst' | 'fin' | 'silence';

/** Decides what happens to a connection, counted from 0. */
export type Plan = (connection: number, random: Random) => Faults;

/** Any faults a network may have: about one connection in six is spared, and all others are cut somewhere in their first bytes. */
export const anyFaults: Plan = (_, random) => {
  if (random.chance(1 / 6)) return {};
  if (random.chance(0.05)) return { refuse: true };
  const how = random.pick<Cut>(['rst', 'rst', 'fin', 'fin', 'silence']);
  // Most cuts early, where the headers and the first frames are; some far on.
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
