/**
 * The tables of version 1. Columns are in the order of their size: short ones are read often, without the
 * overflow pages of the long texts. Owners, keys, and the names and data of snapshots are JSON text, which
 * preserves any string and keeps different strings different.
 */
const version1 = `
  create table sessions (
    id integer primary key,
    name text not null unique,
    dropped integer not null default 0,
    version integer not null,
    kind text not null,
    active_at real not null,
    due_at real,
    trimmed integer not null default 0,
    trimmed_id text,
    owner text not null,
    head text not null,
    base text
  ) strict;
  create index sessions_by_owner on sessions (owner, active_at) where kind = 'session' and dropped = 0;
  create index sessions_due on sessions (due_at) where due_at is not null;

  -- One row an append. A row without events marks a trim or a drop, and keeps ids growing.
  create table appends (
    id integer primary key,
    session integer not null,
    last integer not null,
    count integer not null,
    at real not null,
    tag text not null,
    events text not null
  ) strict;
  create index appends_by_session on appends (session, last);

  -- "append" is the row that was written under the key or fence; "kept" is a copy of it once it is trimmed.
  create table keys (
    session integer not null,
    key text not null,
    digest text not null,
    append integer,
    kept text,
    primary key (session, key)
  ) strict, without rowid;

  -- Without a nonce nobody holds it.
  create table leases (
    session integer primary key,
    epoch integer not null,
    nonce text,
    until real not null,
    n integer not null,
    answered integer not null,
    append integer,
    kept text
  ) strict;

  create table snapshots (
    session integer not null,
    name text not null,
    data text not null,
    primary key (session, name)
  ) strict;
`;

/** Version 2: no call costs more with a longer conversation or a larger file. */
const version2 = `
  -- "held_until" is the end of the lease, and empty if the session is free. The first look for due sessions
  -- after the end empties it too. So the look does not pass the sessions that are held.
  alter table sessions add column held_until real;
  update sessions set held_until = (select until from leases where session = sessions.id and nonce is not null)
    where dropped = 0;
  -- "dropped_at" is when the session was dropped; the row is deleted some time later.
  alter table sessions add column dropped_at real;
  update sessions set dropped_at = unixepoch() * 1000.0 where dropped = 1;

  -- The state that replaces the trimmed entries. It is as long as the conversation, and each new head writes
  -- its row of "sessions" anew.
  create table bases (session integer primary key, state text not null) strict;
  insert into bases (session, state) select id, base from sessions where base is not null;
  alter table sessions drop column base;

  drop index sessions_by_owner;
  create index sessions_by_owner on sessions (owner, active_at, name) where kind = 'session' and dropped = 0;
  create index sessions_due_by_owner on sessions (owner, due_at) where due_at is not null;
  create index sessions_free on sessions (due_at) where due_at is not null and held_until is null;
  create index sessions_held on sessions (held_until) where held_until is not null;
  create index sessions_dropped on sessions (dropped_at) where dropped_at is not null;
  create index keys_by_append on keys (append) where append is not null;

  -- Sessions with rows that nobody reads any more, to be deleted in slices: the rows of "appends" up to "last",
  -- except the row "mark", and everything else that belongs to a dropped session.
  create table leftovers (session integer primary key, last integer not null, mark integer not null) strict;

  create table checkpoints (
    session integer primary key,
    count integer not null,
    tag text not null,
    record text not null
  ) strict;
  create table checkpoint_pages (
    session integer not null,
    page integer not null,
    data text not null,
    primary key (session, page)
  ) strict;
`;

/**
 * The steps from an empty file to the tables of today; docs/decisions/002-sqlite-layout.md has the reasons.
 * Each step makes the next version.
 */
export const schemaSteps: readonly string[] = [version1, version2];

/** The version this code reads and writes. The file keeps it as `user_version`. */
export const schemaVersion: number = schemaSteps.length;
