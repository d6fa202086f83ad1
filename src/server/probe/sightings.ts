import { RefusalError } from '../../protocol/index.ts';

/** One probe, as the server has seen it. */
interface Sighting {
  /** How many requests of each method have named it. */
  readonly asked: { GET: number; POST: number };
  /** Its streams that are open. */
  open: number;
  /** When a reader of it left before the end, in milliseconds of `performance.now()`. */
  leftAt?: number;
}

/** The probes of the last two minutes. */
export interface Sightings {
  /** Counts a request. */
  ask(id: string, method: string): Sighting;
  find(id: string): Sighting | undefined;
  /**
   * Counts an open stream. Returns the function that ends the count. Throws `too_many` while eight runs are
   * at work, or 64 streams of this one.
   */
  open(id: string): (how: 'over' | 'left') => void;
  /** Reads a body. Throws `too_many` while 32 are being read: each is held in memory. */
  read<Value>(body: () => Promise<Value>): Promise<Value>;
}

const rememberMs = 120_000;
/** The most probes that are remembered. */
const maxProbes = 4_000;
const maxRuns = 8;
const maxStreams = 64;
const maxBodies = 32;

/** Creates the memory of probes. `now` is `performance.now`, except in tests. */
export function createSightings(now: () => number = () => performance.now()): Sightings {
  const seen = new Map<string, Sighting & { at: number }>();
  const runs = new Map<string, number>();
  let bodies = 0;

  const forget = (): void => {
    const before = now() - rememberMs;
    for (const [id, { at, open }] of seen) {
      if (seen.size <= maxProbes && at > before) return;
      if (open === 0) seen.delete(id);
    }
  };
  const touch = (id: string): Sighting => {
    const found = seen.get(id) ?? { asked: { GET: 0, POST: 0 }, open: 0, at: 0 };
    // The map keeps the order of the last requests.
    seen.delete(id);
    seen.set(id, Object.assign(found, { at: now() }));
    forget();
    return found;
  };

  return {
    ask: (id, method) => {
      const found = touch(id);
      found.asked[method === 'POST' ? 'POST' : 'GET'] += 1;
      return found;
    },
    find: (id) => seen.get(id),
    async read(body) {
      if (bodies >= maxBodies) throw tooManyProbes();
      bodies += 1;
      try {
        return await body();
      } finally {
        bodies -= 1;
      }
    },
    open: (id) => {
      const [run = ''] = id.split('.');
      const streams = runs.get(run) ?? 0;
      if (streams >= maxStreams || (streams === 0 && runs.size >= maxRuns)) throw tooManyProbes();
      runs.set(run, streams + 1);
      const found = touch(id);
      found.open += 1;
      let isOpen = true;
      return (how) => {
        if (!isOpen) return;
        isOpen = false;
        found.open -= 1;
        if (how === 'left') found.leftAt = now();
        const left = (runs.get(run) ?? 1) - 1;
        if (left === 0) runs.delete(run);
        else runs.set(run, left);
      };
    },
  };
}

function tooManyProbes(): RefusalError {
  return new RefusalError('too_many', 'Too many probes run; come back later.');
}
