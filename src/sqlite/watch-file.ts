import type { DatabaseSync } from 'node:sqlite';
import type { Stop } from '../log/index.ts';
import { createNewest } from './append-rows.ts';
import { toColumnText } from './columns.ts';

/**
 * How often the file is checked for writes of other processes, in milliseconds: a reader's longest wait for
 * them. A check costs some microseconds.
 */
const pollMs = 50;

/**
 * Reports the sessions that other processes write to, until stopped. With `since`, it also reports at once
 * everything that was written after this row of `appends`.
 */
export function watchFile(
  db: DatabaseSync,
  since: number | undefined,
  onChange: (sessions: readonly string[]) => void,
): Stop {
  const dataVersion = db.prepare('pragma data_version');
  const newestNow = createNewest(db);
  const changed = db.prepare(`
    select distinct s.name from appends a join sessions s on s.id = a.session where a.id > ? and a.id <= ?`);
  const versionNow = (): unknown => dataVersion.get()?.['data_version'];

  let version = versionNow();
  let known = since ?? newestNow();
  const report = (): void => {
    const last = newestNow();
    const sessions = changed.all(known, last).map((row) => toColumnText(row['name']));
    known = last;
    if (sessions.length > 0) onChange(sessions);
  };
  if (since !== undefined) report();
  const timer = setInterval(() => {
    const now = versionNow();
    if (now === version) return;
    // The version is read before the rows, and both are remembered together. A write between the two reads
    // changes the version again, so the next check finds it.
    version = now;
    report();
  }, pollMs);
  return () => clearInterval(timer);
}
