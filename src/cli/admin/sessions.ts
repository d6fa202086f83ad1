import { isRecord } from '../../protocol/internal.ts';
import { toVisible } from '../to-visible.ts';
import { askAdmin } from './ask-admin.ts';
import type { AdminOptions } from './ask-admin.ts';

/**
 * Prints the sessions that are at work, one per line. Tabs separate the columns, so a program can split them.
 */
export async function sessions(options: AdminOptions & { readonly owner?: string }): Promise<void> {
  const query = options.owner === undefined ? '' : `?owner=${encodeURIComponent(options.owner)}`;
  const answer = await askAdmin(options, 'GET', `/admin/sessions${query}`);
  const found: unknown = answer['sessions'];
  for (const session of Array.isArray(found) ? found.filter(isRecord) : []) {
    const { session_id: id, owner, turn, cancelled, queued, active_at: activeAt } = session;
    const since = new Date(Number(activeAt)).toISOString();
    const state = cancelled === true ? 'stopping' : turn === undefined ? 'waiting' : 'running';
    const columns = [id, owner, state, `${String(queued)} queued`, since];
    process.stdout.write(`${columns.map((column) => toVisible(String(column))).join('\t')}\n`);
  }
}
