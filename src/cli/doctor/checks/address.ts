import { bad, fine, skipped, worth } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';

/** Whether a caller can choose the address that limits count it by. */
export const addressCheck: DoctorCheck = {
  name: 'address',
  needs: ['reached'],
  probe: true,
  run: async (site) => {
    const echo = await site.echo();
    return echo.type === 'told' ? judgeAddress(echo.told) : skipped('depends on headers');
  },
};

/** Judges what became of the address that the doctor has invented. */
export function judgeAddress(told: Readonly<Record<string, unknown>>): CheckFinding {
  const { counted_by: countedBy, forged, passed_on: isPassedOn } = told;
  const measured = { countedBy, forged, isPassedOn };
  if (countedBy === 'forged')
    return forged === 'alone'
      ? bad('address', 'a caller can choose the address it is counted by', measured)
      : bad(
          'trust-proxy',
          'a caller can choose the address it is counted by: --trust-proxy is more than the proxies in front',
          measured,
        );
  if (forged === 'alone' && isPassedOn === true)
    return worth(
      'address',
      'X-Forwarded-For of a caller is passed on as it is: with --trust-proxy callers could choose the address they are counted by',
      measured,
    );
  if (countedBy === 'connection' && forged === 'added to')
    return fine(
      'a caller cannot choose its address; with --trust-proxy 1 callers no longer share that of the proxy',
      measured,
    );
  return fine('a caller cannot choose the address it is counted by', measured);
}
