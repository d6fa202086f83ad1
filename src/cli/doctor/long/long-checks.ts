import { bad, fine } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import { toAnswerFailure } from '../net/failure.ts';
import { receive } from '../net/receive.ts';
import type { DoctorSite } from '../site.ts';
import { toTime } from '../stream/judge-stream.ts';

/** How one silence ended. */
export interface Silence {
  readonly silentMs: number;
  /** When the stream ended or was found dead before its time; undefined if the silence was borne. */
  readonly endedMs?: number;
}

/** The longest stream that the probe route sends, in milliseconds. */
const longestStreamMs = 19 * 60_000;
/** A frame that comes later than this after the silence does not come any more. */
const graceMs = 5_000;

/** The checks of `--long`: silences side by side, and one stream for the whole age of streams. */
export function longChecks(onProgress: (sentence: string) => void): readonly DoctorCheck[] {
  return [
    {
      name: 'silence',
      needs: ['reached'],
      probe: true,
      run: async (site) => {
        const { keepaliveMs } = await readTimes(site);
        let over = 0;
        const { silencesMs } = site.pace;
        const silences = await Promise.all(
          silencesMs.map(async (silentMs) => {
            const silence = await trySilence(site, silentMs);
            over += 1;
            const how = silence.endedMs === undefined ? 'is borne' : `is cut at ${toTime(silence.endedMs)}`;
            onProgress(`a silence of ${toTime(silentMs)} ${how}; ${silencesMs.length - over} go on`);
            return silence;
          }),
        );
        return judgeSilences(silences, keepaliveMs);
      },
    },
    {
      name: 'age',
      needs: ['reached'],
      probe: true,
      run: async (site) => {
        const { keepaliveMs, maxAgeMs } = await readTimes(site);
        // The age of a stream is 20 % longer at most.
        const ageMs = Math.round(Math.min(maxAgeMs * 1.2, longestStreamMs));
        const ticking = setInterval(() => {
          onProgress(`a stream with keepalives lives; it is watched for ${toTime(ageMs)} in all`);
        }, 60_000);
        const life = await trySilence(site, ageMs, keepaliveMs).finally(() => clearInterval(ticking));
        return judgeAge(life);
      },
    },
  ];
}

async function readTimes(site: DoctorSite): Promise<{ keepaliveMs: number; maxAgeMs: number }> {
  const echo = await site.echo();
  const told = echo.type === 'told' ? echo.told : {};
  return {
    keepaliveMs: Number(told['keepalive_ms'] ?? 15_000),
    maxAgeMs: Number(told['max_age_ms'] ?? 600_000),
  };
}

async function trySilence(site: DoctorSite, silentMs: number, beatMs = 0): Promise<Silence> {
  const startedAt = performance.now();
  try {
    const query = { n: 1, gap: 10, silent: silentMs, beat: beatMs > silentMs ? 0 : beatMs };
    const response = await site.probe(`silent${silentMs}`, { query, withinMs: silentMs + graceMs });
    let text = '';
    const body = await receive(response, {
      withinMs: silentMs + graceMs,
      isEnough: (bytes) => {
        text += bytes.toString('latin1');
        return /^id: 1$/m.test(text);
      },
    });
    return /^id: 1$/m.test(text) ? { silentMs } : { silentMs, endedMs: Math.min(body.endMs, silentMs) };
  } catch (error) {
    // Before the silence was over, the way has failed.
    void toAnswerFailure(error);
    return { silentMs, endedMs: Math.min(performance.now() - startedAt, silentMs) };
  }
}

/** Judges the longest silence that the network bears, against the keepalives of the server. */
export function judgeSilences(silences: readonly Silence[], keepaliveMs: number): CheckFinding {
  const borne = Math.max(
    0,
    ...silences.flatMap((each) => (each.endedMs === undefined ? [each.silentMs] : [])),
  );
  const ends = silences.flatMap(({ endedMs }) => (endedMs === undefined ? [] : [endedMs]));
  const cutMs = ends.length === 0 ? undefined : Math.min(...ends);
  const measured = { borneMs: borne, ...(cutMs !== undefined && { cutMs: Math.round(cutMs) }), keepaliveMs };
  const beats = `keepalives come every ${toTime(keepaliveMs)}`;
  if (cutMs === undefined) return fine(`silence is borne for ${toTime(borne)}; ${beats}: fine`, measured);
  const until = borne === 0 ? 'silence is' : `silence is borne for ${toTime(borne)} and`;
  return cutMs > keepaliveMs * 1.2
    ? fine(`${until} cut at ${toTime(cutMs)}; ${beats}: fine`, measured)
    : bad('idle', `${until} cut at ${toTime(cutMs)}, and ${beats}`, measured);
}

/** Judges the life of a stream with keepalives. */
export function judgeAge({ silentMs, endedMs }: Silence): CheckFinding {
  return endedMs === undefined
    ? fine(`a stream with keepalives lives for ${toTime(silentMs)}`, { livedMs: silentMs })
    : bad('duration', `a stream with keepalives is cut after ${toTime(endedMs)}`, {
        livedMs: Math.round(endedMs),
      });
}
