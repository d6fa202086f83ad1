import { isRecord } from '../../protocol/internal.ts';
import { readJsonObject } from './echo.ts';
import { receive, toBodyText } from './net/receive.ts';
import type { DoctorSite } from './site.ts';

/** A probe, as the server has seen it. */
export interface ProbeSighting {
  /** How long ago a reader left before the end, in milliseconds. */
  readonly leftMsAgo?: number;
  /** Its streams that are open. */
  readonly open: number;
  readonly gets: number;
  readonly posts: number;
}

/** Asks the server what it has seen of a probe. Returns undefined if it has no answer. */
export async function askSighting(site: DoctorSite, part: string): Promise<ProbeSighting | undefined> {
  try {
    // The URL is a new one each time: a cache may stand in front.
    const query = { id: `${site.run}.${part}`, at: Math.random().toString(36).slice(2) };
    const response = await site.send('/health/left', {
      query,
    });
    const seen = readJsonObject(toBodyText(await receive(response, { withinMs: site.pace.answerMs })));
    const asked = seen?.['asked'];
    if (seen === undefined || !isRecord(asked)) return undefined;
    const left = seen['left_ms_ago'];
    return {
      ...(typeof left === 'number' && { leftMsAgo: left }),
      open: Number(seen['open']),
      gets: Number(asked['GET']),
      posts: Number(asked['POST']),
    };
  } catch {
    return undefined;
  }
}
