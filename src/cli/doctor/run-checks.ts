import { bad, skipped } from './check.ts';
import type { CheckFinding, DoctorCheck } from './check.ts';
import { toAnswerFailure } from './net/failure.ts';
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
  const find = (name: string): Promise<CheckFinding> => {
    const known = earlier.get(name) ?? running.get(name);
    if (known !== undefined) return Promise.resolve(known);
    const check = checks.find((each) => each.name === name);
    const found =
      check === undefined ? Promise.resolve(skipped('is no check')) : inTime(runOne(check), overMs);
    running.set(name, found);
    return found;
  };
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
      const run = (): Promise<CheckFinding> => check.run(site, find);
      return await (check.streams ? site.gate.pass(run) : run());
    } catch (error) {
      const isLikeStream = check.streams && check.name !== 'stream' && (await find('stream')).state === 'bad';
      return isLikeStream ? skipped('depends on stream') : bad('no-answer', toAnswerFailure(error));
    }
  };
  for (const { name } of checks) void find(name);
  for (const { name } of checks) onFinding(name, await find(name));
}

async function inTime(finding: Promise<CheckFinding>, overMs: number): Promise<CheckFinding> {
  if (overMs === Infinity) return finding;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<CheckFinding>((resolve) => {
    const restMs = Math.max(0, overMs - performance.now());
    timer = setTimeout(() => resolve(bad('no-answer', 'had no result in time')), restMs);
  });
  return Promise.race([finding, late]).finally(() => clearTimeout(timer));
}
