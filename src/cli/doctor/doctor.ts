import { toServer } from '../to-server.ts';
import { redact } from '../redact.ts';
import { ExitError } from '../serve/exit-error.ts';
import { bad } from './check.ts';
import { examine } from './examine.ts';
import type { DoctorReport, ExamineOptions, ReportedCheck } from './examine.ts';
import type { FrontName } from './front/find-front.ts';
import { toCheckLines, toExitCode, toReportJson, toSummary } from './print-report.ts';

/** The options of `heddle doctor`. */
export interface DoctorOptions {
  readonly proxy?: FrontName;
  readonly token?: string;
  readonly insecureTls?: boolean;
  readonly any?: boolean;
  readonly long?: boolean;
  readonly json?: boolean;
}

/** Examines a server, prints what was found, and returns the exit code. A URL that is none is not reached. */
export async function doctor(url: string, options: DoctorOptions): Promise<number> {
  const { json = false } = options;
  const isColored = process.stdout.isTTY && !process.env['NO_COLOR'];
  const write = (text: string): void => void process.stdout.write(text);
  const onCheck = (check: ReportedCheck): void => {
    if (!json) write(toCheckLines(check, isColored));
  };
  const report = await examineAt(url, {
    token: options.token,
    front: options.proxy,
    insecureTls: options.insecureTls ?? false,
    any: options.any ?? false,
    long: options.long ?? false,
    onCheck,
    onProgress: (sentence) => void process.stderr.write(`  ${sentence}\n`),
  });
  write(json ? toReportJson(report) : toSummary(report));
  return toExitCode(report);
}

/** Examines the server of a URL as the user wrote it. */
async function examineAt(url: string, options: ExamineOptions): Promise<DoctorReport> {
  try {
    return await examine(toServer(url), options);
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    const check = { name: 'reached', ...bad('unreachable', redact(error.message)), lines: [] };
    options.onCheck?.(check);
    const found = { front: options.front, kind: 'unreached', hasProbe: false, seconds: 0 } as const;
    return { url: redact(/:\/\//.test(url) ? url : `http://${url}`), ...found, checks: [check] };
  }
}
