import { bad, skipped } from './check.ts';
import type { CheckFinding, DoctorCheck } from './check.ts';
import { toAnswerFailure } from './net/failure.ts';
import { within } from './net/within.ts';
import type { DoctorSite } from './site.ts';

/** Called with each finding, in the order of the checks. */
export type OnFinding = (name: string, finding: CheckFinding) => void;

/**
 * Runs checks side by side, as far as they do not need each other. A check that needs one that failed is left
 * out, and so is one that needs the probe route where there is none. Never rejects.
 */
export async function runChecks(
  checks: readonly DoctorCheck[],
  site: DoctorSite,
  earlier: ReadonlyMap<string, CheckFinding>,
  onFinding: OnFinding,
): Promise<void> {
  const running = new Map<string, Promise<CheckFinding>>();
  const overMs = performance.now() + site.pace.totalMs;
  const begun = new Set<string>();
  const find = (name: string): Promise<CheckFinding> => {
    const known = earlier.get(name) ?? running.get(name);
    if (known !== undefined) return Promise.resolve(known);
    const check = checks.find((each) => each.name === name);
    const found = check === undefined ? Promise.resolve(skipped('is no check')) : inTime(name, runOne(check));
    running.set(name, found);
    return found;
  };
  /** A check that never began has found no fault. */
  const inTime = async (name: string, finding: Promise<CheckFinding>): Promise<CheckFinding> =>
    (await within(finding, overMs - performance.now(), undefined)) ??
    (begun.has(name) ? bad('no-answer', 'had no result in time') : skipped('there was no time for it'));
  const runOne = async (check: DoctorCheck): Promise<CheckFinding> => {
    try {
      const needed = await Promise.all(check.needs.map(async (name) => [name, await find(name)] as const));
      const missing = needed.find(([, { state }]) => state === 'bad' || state === 'skipped');
      if (missing !== undefined) return skipped(`depends on ${missing[0]}`);
      if (check.probe) {
        const echo = await site.echo();
        if (echo.type === 'none') return skipped('needs the probe route');
        if (echo.type !== 'told') return skipped('depends on headers');
      }
      await Promise.all((check.after ?? []).map(find));
      const run = (): Promise<CheckFinding> => {
        begun.add(check.name);
        return check.run(site, find);
      };
      return await (check.streams ? site.gate.pass(run) : run());
    } catch (error) {
      const isLikeStream = check.streams && check.name !== 'stream' && (await find('stream')).state === 'bad';
      return isLikeStream ? skipped('depends on stream') : bad('no-answer', toAnswerFailure(error));
    }
  };
  for (const { name } of checks) void find(name);
  for (const { name } of checks) onFinding(name, await find(name));
}
