import type { DatabaseSync } from 'node:sqlite';
import { maxLeaseMs } from '../log/internal.ts';
import type { Fence } from '../log/index.ts';
import { mint } from '../protocol/internal.ts';
import type { StoreCalls } from './calls.ts';
import { toColumnText } from './columns.ts';
import type { StoredSession, StoredSessions } from './stored-session.ts';

type Name = 'claim' | 'renew' | 'release' | 'due';

/** Creates the leases of the worker. The caller passes the time, so that a store has only one clock. */
export function createLeaseCalls(
  db: DatabaseSync,
  sessions: StoredSessions,
): { readonly [Each in Name]: (args: StoreCalls[Each]['args']) => StoreCalls[Each]['result'] } {
  const claim = db.prepare(`
    insert or replace into leases (session, epoch, nonce, until, n, answered) values (?, ?, ?, ?, 0, 0)`);
  const renew = db.prepare('update leases set until = ? where session = ?');
  const release = db.prepare('update leases set nonce = null where session = ?');
  const setHeld = db.prepare('update sessions set held_until = ? where id = ?');
  const free = db.prepare('update sessions set held_until = null where held_until <= ?');
  const freeLost = db.prepare('update sessions set held_until = null where held_until > ?');
  // An expired lease can be renewed. Another clock may also hold one that this clock has freed.
  const due = db.prepare(`
    select s.name from sessions s indexed by sessions_free left join leases l on l.session = s.id
    where s.due_at <= :now and s.held_until is null
      and (l.nonce is null or l.until <= :now or l.until > :now + ${maxLeaseMs})
    order by s.due_at, s.id limit :limit`);

  const held = ({ session: name, epoch, nonce }: Fence): StoredSession | undefined => {
    const session = sessions.get(name);
    return session?.lease?.epoch === epoch && session.lease.nonce === nonce ? session : undefined;
  };

  return {
    claim({ session: name, node, now, ttlMs }) {
      const session = sessions.get(name);
      if (session === undefined || session.dropped) return undefined;
      if (session.lease !== undefined && session.lease.until > now && session.lease.until <= now + maxLeaseMs)
        return undefined;
      const epoch = session.epoch + 1;
      const lease = { epoch, nonce: `${node}.${mint(12)}`, until: now + ttlMs, n: 0 };
      claim.run(session.id, epoch, lease.nonce, lease.until);
      setHeld.run(lease.until, session.id);
      Object.assign(session, { epoch, lease });
      return { session: name, epoch, nonce: lease.nonce, n: 0 };
    },

    renew({ fence, until }) {
      const session = held(fence);
      if (session?.lease === undefined) return false;
      renew.run(until, session.id);
      setHeld.run(until, session.id);
      session.lease.until = until;
      return true;
    },

    release({ fence, ifHead }) {
      const session = held(fence);
      if (session === undefined || (ifHead !== undefined && session.version !== ifHead)) return false;
      release.run(session.id);
      setHeld.run(null, session.id);
      session.lease = undefined;
      return true;
    },

    due({ now, limit }) {
      free.run(now);
      freeLost.run(now + maxLeaseMs);
      return due.all({ now, limit }).map((row) => toColumnText(row['name']));
    },
  };
}
