import { ExitError } from '../serve/exit-error.ts';
import { askAdmin } from './ask-admin.ts';
import type { AdminOptions } from './ask-admin.ts';

export interface KillOptions extends AdminOptions {
  readonly owner?: string;
  readonly all?: boolean;
  /** How long the owner is blocked: `90s`, `30m`, `12h` or `7d`. `0s` ends the block. */
  readonly for?: string;
}

/**
 * Stops one session, all sessions of an owner, or all sessions, and prints how many it stopped. With `for` it
 * also blocks the owner for that time.
 */
export async function runKill(session: string | undefined, options: KillOptions): Promise<void> {
  const { owner, all } = options;
  const wanted = { ...(session !== undefined && { session }), ...(owner !== undefined && { owner }) };
  const body = all ? { ...wanted, all } : wanted;
  if (Object.keys(body).length !== 1)
    throw new ExitError('Say what to stop: a session, --owner <name>, or --all.');
  const seconds = options.for === undefined ? undefined : toSeconds(options.for);
  if (seconds !== undefined && owner === undefined)
    throw new ExitError('--for keeps an owner out: say which with --owner <name>.');
  const asked = { ...body, ...(seconds !== undefined && { for: seconds }) };
  const killed = (await askAdmin(options, 'POST', '/admin/kill', asked))['killed'];
  const count = Array.isArray(killed) ? killed.length : 0;
  process.stdout.write(`${count === 1 ? 'one session' : `${count} sessions`} stopped\n`);
  if (seconds === 0) process.stdout.write('they may come in again\n');
  else if (seconds !== undefined) process.stdout.write(`they are kept out for ${options.for}\n`);
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function toSeconds(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(digits) * (units[unit] ?? Number.NaN);
  if (digits === '' || Number.isNaN(seconds))
    throw new ExitError(`--for ${text} is no time; write it like 90s, 30m, 12h or 7d.`);
  return seconds;
}
