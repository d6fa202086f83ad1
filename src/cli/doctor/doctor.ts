import { toServer } from '../to-server.ts';
import { examine } from './examine.ts';
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

/**
 * Examines a server, prints what was found, and returns the exit code. Throws an ExitError if the URL is
 * none.
 */
export async function doctor(url: string, options: DoctorOptions): Promise<number> {
  const { json = false } = options;
  const isColored = process.stdout.isTTY && !process.env['NO_COLOR'];
  const write = (text: string): void => void process.stdout.write(text);
  const report = await examine(toServer(url), {
    token: options.token,
    front: options.proxy,
    insecureTls: options.insecureTls ?? false,
    any: options.any ?? false,
    long: options.long ?? false,
    ...(!json && { onCheck: (check) => write(toCheckLines(check, isColored)) }),
    onProgress: (sentence) => void process.stderr.write(`  ${sentence}\n`),
  });
  write(json ? toReportJson(report) : toSummary(report));
  return toExitCode(report);
}
