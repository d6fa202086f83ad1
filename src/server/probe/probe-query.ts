import { RefusalError } from '../../protocol/index.ts';
import { mint } from '../../protocol/internal.ts';

/** The query of a request for a probe stream. Times are in milliseconds, sizes in bytes. */
export interface ProbeQuery {
  /** The name of the stream: `<run>` or `<run>.<part>`. */
  readonly id: string;
  /** How many frames follow the first one. */
  readonly count: number;
  readonly gapMs: number;
  /** The size of the filling of each frame. */
  readonly pad: number;
  /** The size of the filling of the first frame. */
  readonly first: number;
  /** The silence between the first frame and the others. */
  readonly silentMs: number;
  /** How often a comment breaks the silence; 0 for never. */
  readonly beatMs: number;
  readonly end: 'end' | 'cut';
}

const idPattern = /^[\w-]{1,40}(\.[\w-]{1,24})?$/;
/** The longest life of a probe stream, in milliseconds. */
export const longestProbeMs: number = 20 * 60_000;

/** Reads the query of a probe stream. Throws `malformed` if a number is out of its bounds. */
export function readProbeQuery(query: URLSearchParams): ProbeQuery {
  const number = (name: string, standard: number, least: number, most: number): number => {
    const text = query.get(name);
    if (text === null) return standard;
    const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new RefusalError('malformed', `"${name}" must be a whole number from ${least} to ${most}.`);
  };
  const end = query.get('end') ?? 'end';
  if (end !== 'end' && end !== 'cut') throw new RefusalError('malformed', '"end" must be "end" or "cut".');
  const wanted: ProbeQuery = {
    id: readProbeId(query) ?? mint(22),
    count: number('n', 20, 0, 200),
    gapMs: number('gap', 100, 10, 5_000),
    pad: number('pad', 0, 0, 65_536),
    first: number('first', 0, 0, 65_536),
    silentMs: number('silent', 0, 0, longestProbeMs),
    beatMs: query.get('beat') === '0' ? 0 : number('beat', 0, 10, longestProbeMs),
    end,
  };
  if (wanted.silentMs + wanted.count * wanted.gapMs > longestProbeMs)
    throw new RefusalError('malformed', 'A probe stream lasts at most 20 minutes.');
  return wanted;
}

/** Reads the name of a probe stream, if the query has one. Throws `malformed`. */
export function readProbeId(query: URLSearchParams): string | undefined {
  const id = query.get('id');
  if (id === null) return undefined;
  if (!idPattern.test(id))
    throw new RefusalError('malformed', '"id" must be <run> or <run>.<part>, of letters, digits, - and _.');
  return id;
}
