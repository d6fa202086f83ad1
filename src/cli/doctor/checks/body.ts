import { bad, fine, joinFindings, skipped, worth } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import { readJsonObject } from '../echo.ts';
import { toAnswerFailure } from '../net/failure.ts';
import { receive, toBodyText } from '../net/receive.ts';
import type { DoctorSite } from '../site.ts';

/** The size of a large message with its images, and of a long prompt in a URL, in bytes. */
const bodyBytes = 1_000_000;
const urlBytes = 12 * 1024;

/** Whether a large body and a long URL arrive. */
export const bodyCheck: DoctorCheck = {
  name: 'body',
  needs: ['reached'],
  run: async (site) => {
    const echo = await site.echo();
    if (echo.type === 'query lost' || echo.type === 'failed') return skipped('depends on headers');
    const [small, large, url] = await Promise.all([
      echo.type === 'told' ? postBody(site, 'small', 2) : undefined,
      echo.type === 'told' ? postBody(site, 'body', bodyBytes) : undefined,
      askLongUrl(site),
    ]);
    return judgeBody({ small, large, url });
  },
};

interface BodyAnswer {
  readonly status: number | undefined;
  /** How many bytes of the body have arrived; undefined if the answer is not of the probe route. */
  readonly bytes?: number;
  readonly sent: number;
  readonly why?: string;
}

async function postBody(site: DoctorSite, part: string, size: number): Promise<BodyAnswer> {
  try {
    const response = await site.probe(part, {
      method: 'POST',
      query: { mode: 'echo' },
      body: `"${'x'.repeat(size - 2)}"`,
      // A slow line takes a while for a large body, which would keep the others on an HTTP/2 connection back.
      ...(size > 1_000 && { withinMs: 2 * site.pace.answerMs, isAlone: true }),
    });
    const told = readJsonObject(toBodyText(await receive(response, { withinMs: site.pace.answerMs })));
    const bytes = told?.['bytes'];
    return { status: response.status, sent: size, ...(typeof bytes === 'number' && { bytes }) };
  } catch (error) {
    return { status: undefined, sent: size, why: toAnswerFailure(error) };
  }
}

async function askLongUrl(site: DoctorSite): Promise<number | undefined> {
  try {
    const response = await site.send('/health', { query: { pad: 'x'.repeat(urlBytes) }, isAlone: true });
    response.leave();
    return response.status;
  } catch {
    return undefined;
  }
}

/** Judges the answers to a small body, a body of 1 MB and a URL of 12 KiB. */
export function judgeBody({
  small,
  large,
  url,
}: {
  readonly small: BodyAnswer | undefined;
  readonly large: BodyAnswer | undefined;
  /** The status; undefined if the connection was closed. */
  readonly url: number | undefined;
}): CheckFinding {
  const measured = { body: large?.status, bytes: large?.bytes, url };
  const found = joinFindings([judgeBodies(small, large, measured), judgeUrl(url, measured)]);
  return (
    found ??
    fine(
      large === undefined ? 'a URL of 12 KiB arrives' : 'a body of 1 MB and a URL of 12 KiB arrive',
      measured,
    )
  );
}

function judgeBodies(
  small: BodyAnswer | undefined,
  large: BodyAnswer | undefined,
  measured: CheckFinding['measured'],
): CheckFinding | undefined {
  if (small?.bytes !== undefined && small.bytes !== small.sent)
    return bad(
      'body-lost',
      `the body of a POST does not arrive: ${small.bytes} of ${small.sent} bytes`,
      measured,
    );
  if (small !== undefined && small.bytes === undefined)
    return bad(
      'no-answer',
      `a POST has no answer of the server: ${small.why ?? `status ${small.status}`}`,
      measured,
    );
  if (large?.bytes !== undefined && large.bytes !== large.sent)
    return bad('body-lost', `a body of 1 MB arrives with ${large.bytes} bytes`, measured);
  if (large !== undefined && large.bytes === undefined)
    return worth(
      'body-limit',
      large.why === undefined
        ? `a body of 1 MB is refused: status ${large.status}`
        : `a body of 1 MB has no answer: ${large.why}`,
      measured,
    );
  return undefined;
}

function judgeUrl(url: number | undefined, measured: CheckFinding['measured']): CheckFinding | undefined {
  if (url === 200) return undefined;
  return worth(
    'url-limit',
    `a URL of 12 KiB is refused${url === undefined ? '' : ` with status ${url}`}: long prompts must be sent by POST`,
    measured,
  );
}
