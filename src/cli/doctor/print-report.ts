import { toPlainJson } from '../to-plain-json.ts';
import { toVisible } from '../to-visible.ts';
import type { CheckState } from './check.ts';
import type { DoctorReport, ReportedCheck } from './examine.ts';

const signs: Readonly<Record<CheckState, string>> = { ok: '✓', warn: '!', bad: '✗', skipped: '-' };
const colors: Readonly<Record<CheckState, number>> = { ok: 32, warn: 33, bad: 31, skipped: 2 };

/** Returns the lines of one check for a terminal. All that comes from the network is escaped. */
export function toCheckLines({ name, state, says, lines }: ReportedCheck, isColored: boolean): string {
  const sign = isColored ? `\u001B[${colors[state]}m${signs[state]}\u001B[0m` : signs[state];
  const more = lines.map((line) => `\n${' '.repeat(16)}${toVisible(line)}`);
  return `${sign} ${name.padEnd(13)} ${toVisible(toShort(says))}${more.join('')}\n`;
}

/** Returns the last line of a report. */
export function toSummary({ checks, seconds, kind, hasProbe }: DoctorReport): string {
  const bads = checks.filter(({ state }) => state === 'bad').length;
  const count = checks.filter(({ state }) => state !== 'skipped').length;
  const things = bads === 0 ? 'Nothing' : bads === 1 ? '1 thing' : `${bads} things`;
  const isBlind = kind === 'heddle' && !hasProbe;
  const hint = isBlind
    ? '\nThe checks of streams need the probe route: start the server with --probe, or set HEDDLE_TOKEN to the token of an admin.'
    : '';
  return `${things} to change. ${count} ${count === 1 ? 'check' : 'checks'} in ${seconds.toFixed(1)} s${hint}\n`;
}

/** Returns a report for programs. The names are stable. */
export function toReportJson({ checks, ...report }: DoctorReport): string {
  const told = checks.map(({ name, state, says, measured = {}, fault, moreFaults, lines }) => ({
    name,
    state,
    says,
    measured,
    ...(fault !== undefined && { fault }),
    ...(moreFaults && { moreFaults }),
    ...(lines.length > 0 && { line: lines.join('\n') }),
  }));
  const { url, front = null, seconds, kind, hasProbe } = report;
  const text = JSON.stringify({ url, front, kind, probe: hasProbe, seconds, checks: told });
  // A terminal may show it.
  return `${toPlainJson(text)}\n`;
}

/** A header or a page of the server may be of any length. */
function toShort(text: string): string {
  return text.length <= 500 ? text : `${text.slice(0, 499)}…`;
}

/** 0 if nothing must be changed, 1 if something must, 2 if the server was not reached or is no Heddle. */
export function toExitCode({ kind, checks }: DoctorReport): 0 | 1 | 2 {
  if (kind === 'unreached') return 2;
  return checks.some(({ state }) => state === 'bad') ? 1 : 0;
}
