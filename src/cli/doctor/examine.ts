import { anyChecks } from './any/any-checks.ts';
import { watchStream } from './any/watch-stream.ts';
import { bad, fine, toFaultNames } from './check.ts';
import type { CheckFinding } from './check.ts';
import { doctorChecks } from './checks/doctor-checks.ts';
import { reach } from './checks/reached.ts';
import { findFront, frontNames, toFrontName } from './front/find-front.ts';
import type { FrontName } from './front/find-front.ts';
import { toLinesToChange } from './front/lines.ts';
import { longChecks } from './long/long-checks.ts';
import { within } from './net/within.ts';
import { standardPace } from './pace.ts';
import type { DoctorPace } from './pace.ts';
import { runChecks } from './run-checks.ts';
import { createSite } from './site.ts';

/** One check of a report. */
export interface ReportedCheck extends CheckFinding {
  readonly name: string;
  /** The lines to change, one of them for what stands in front. */
  readonly lines: readonly string[];
}

/** The findings of `heddle doctor`. */
export interface DoctorReport {
  readonly url: string;
  /** The proxy in front, if it names itself or the user named it. */
  readonly front: FrontName | undefined;
  readonly kind: 'heddle' | 'any' | 'unreached';
  /** Whether the server has the probe route for this caller. */
  readonly hasProbe: boolean;
  readonly seconds: number;
  readonly checks: readonly ReportedCheck[];
}

export interface ExamineOptions {
  readonly pace?: Partial<DoctorPace>;
  readonly token?: string | undefined;
  /** The proxy in front, in place of the one that is found. */
  readonly front?: FrontName | undefined;
  readonly insecureTls?: boolean;
  /** The server is of any make: its stream is watched. */
  readonly any?: boolean;
  /** The names of the checks to run. A check that needs another one is left out without it. @default all */
  readonly only?: readonly string[];
  /** Silences and a stream for its whole age are tried as well. */
  readonly long?: boolean;
  /** Called with each check, in their order. */
  readonly onCheck?: (check: ReportedCheck) => void;
  /** Called now and then with what still goes on. */
  readonly onProgress?: (sentence: string) => void;
}

/** Examines a server through the network in between. Never rejects. */
export async function examine(address: string, options: ExamineOptions = {}): Promise<DoctorReport> {
  const { token, insecureTls = false, onCheck, onProgress = () => {} } = options;
  const startedAt = performance.now();
  const pace = { ...standardPace, ...options.pace };
  const url = new URL(address);
  const checks: ReportedCheck[] = [];
  let { front } = options;
  const restMs = (): number => startedAt + pace.totalMs - performance.now();

  const reached = options.any ? undefined : await reach(url, { insecureTls, token, withinMs: pace.answerMs });
  // Other servers may have a `/health` of these words somewhere else.
  const isOther = ['not-heddle', 'redirect', 'prefix'].includes(reached?.finding.fault ?? '');
  const watched =
    options.any || isOther
      ? await watchStream(url, { insecureTls, token, pace, withinMs: restMs() }).catch(toUnwatched)
      : undefined;
  const isAny = options.any === true || watched?.isStream === true;

  const earlier = new Map<string, CheckFinding>();
  const add = (name: string, found: CheckFinding): void => {
    earlier.set(name, found);
    if (name === 'front') front ??= toFrontName(found.measured?.['front']);
  };
  const tell = (name: string): void => {
    const found = earlier.get(name);
    if (found === undefined) return;
    const shown =
      name === 'front' && options.front ? fine(`${frontNames[options.front]} in front, as told`) : found;
    const lines = [...new Set(toFaultNames(found).flatMap((fault) => toLinesToChange(fault, front)))];
    const check = { name, ...shown, lines };
    checks.push(check);
    onCheck?.(check);
  };
  const report = (kind: DoctorReport['kind'], hasProbe = false): DoctorReport => {
    reached?.line?.close();
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    return { url: address, front, kind, hasProbe, seconds, checks };
  };

  if (isAny && watched !== undefined) {
    for (const { name, judge } of anyChecks) {
      add(name, judge(watched));
      tell(name);
    }
    return report(watched.isStream ? 'any' : 'unreached');
  }
  if (reached === undefined) return report('unreached');
  const { finding, line, health } = reached;
  if (health !== undefined) front ??= findFront(health.headers);
  add('reached', finding);
  tell('reached');
  if (finding.state === 'bad' || line === undefined || health === undefined) return report('unreached');

  const run = Math.random().toString(36).slice(2, 14);
  const site = createSite({ url, line, pace: { ...pace, totalMs: restMs() }, token, run, health });
  const { only } = options;
  const wanted = doctorChecks.filter(({ name }) => only?.includes(name) ?? true);
  await runChecks(wanted, site, earlier, (name, found) => {
    add(name, found);
    tell(name);
  });
  const echo = await within(site.echo(), restMs(), undefined);
  const hasProbe = echo?.type === 'told';
  if (options.long)
    await runChecks(
      longChecks(onProgress),
      { ...site, pace: { ...pace, totalMs: Infinity } },
      earlier,
      (name, found) => {
        add(name, found);
        tell(name);
      },
    );
  return report('heddle', hasProbe);
}

function toUnwatched(error: unknown): Awaited<ReturnType<typeof watchStream>> {
  return {
    isStream: false,
    finding: bad('unreachable', error instanceof Error ? error.message : String(error)),
  };
}
