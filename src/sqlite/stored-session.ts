import type { DatabaseSync } from 'node:sqlite';
import { toInteger, toOptionalColumn, toColumnText } from './columns.ts';

/** The worker's copy of a session, changed together with the database. */
export interface StoredSession {
  readonly id: number;
  dropped: boolean;
  version: number;
  head: string;
  trimmed: number;
  trimmedId: string | undefined;
  /** The seq of the last entry; 0 if there never was one. */
  last: number;
  /** How often the session was claimed. */
  epoch: number;
  lease: StoredLease | undefined;
}

interface StoredLease {
  readonly epoch: number;
  readonly nonce: string;
  until: number;
  n: number;
}

export interface StoredSessions {
  /** Returns the session, even if it was dropped; undefined if it never existed. */
  get(name: string): StoredSession | undefined;
  /** Returns the session, unless it was dropped or never existed. */
  getLive(name: string): StoredSession | undefined;
  /** Clears the copies if another connection wrote. Call it first in each transaction. */
  refresh(): void;
  /** Clears the copies, because a transaction failed or deleted sessions. */
  forget(): void;
}

/** More sessions than a busy process works on at once. Each takes about 1 kB. */
const most = 4_000;

/** Creates the lookup of sessions by name. It saves each append three queries. */
export function createStoredSessions(db: DatabaseSync): StoredSessions {
  const known = new Map<string, StoredSession>();
  const dataVersion = db.prepare('pragma data_version');
  let seen: unknown;
  const select = db.prepare(`
    select s.id, s.dropped, s.version, s.head, s.trimmed, s.trimmed_id,
      (select max(last) from appends where session = s.id) as last, l.epoch, l.nonce, l.until, l.n
    from sessions s left join leases l on l.session = s.id
    where s.name = ?`);
  const get = (name: string): StoredSession | undefined => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const row = select.get(name);
    if (row === undefined) return undefined;
    const session = toSession(row);
    const oldest = known.size < most ? undefined : known.keys().next().value;
    if (oldest !== undefined) known.delete(oldest);
    known.set(name, session);
    return session;
  };
  return {
    get,
    getLive(name) {
      const session = get(name);
      return session?.dropped === true ? undefined : session;
    },
    refresh() {
      const version = dataVersion.get()?.['data_version'];
      if (version !== seen) known.clear();
      seen = version;
    },
    forget: () => known.clear(),
  };
}

function toSession(row: Readonly<Record<string, unknown>>): StoredSession {
  const trimmed = toInteger(row['trimmed']);
  const epoch = toOptionalColumn(row['epoch'], toInteger) ?? 0;
  const nonce = toOptionalColumn(row['nonce'], toColumnText);
  return {
    id: toInteger(row['id']),
    dropped: row['dropped'] === 1,
    version: toInteger(row['version']),
    head: toColumnText(row['head']),
    trimmed,
    trimmedId: toOptionalColumn(row['trimmed_id'], toColumnText),
    last: toOptionalColumn(row['last'], toInteger) ?? trimmed,
    epoch,
    lease:
      nonce === undefined
        ? undefined
        : { epoch, nonce, until: toInteger(row['until']), n: toInteger(row['n']) },
  };
}
