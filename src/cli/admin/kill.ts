import { ExitError } from '../serve/exit-error.ts';
import { askAdmin } from './ask-admin.ts';
import type { AdminOptions } from './ask-admin.ts';

export interface KillOptions extends AdminOptions {
  readonly owner?: string;
  readonly all?: boolean;
}

/** Stops one session, an owner's, or all, and says how many that were. */
export async function kill(session: string | undefined, options: KillOptions): Promise<void> {
  const { owner, all } = options;
  const wanted = { ...(session !== undefined && { session }), ...(owner !== undefined && { owner }) };
  const body = all ? { ...wanted, all } : wanted;
  if (Object.keys(body).length !== 1)
    throw new ExitError('Say what to stop: a session, --owner <name>, or --all.');
  const killed = (await askAdmin(options, 'POST', '/admin/kill', body))['killed'];
  const count = Array.isArray(killed) ? killed.length : 0;
  process.stdout.write(`${count === 1 ? 'one session' : `${count} sessions`} stopped\n`);
}
