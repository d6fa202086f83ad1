/** The version this code reads and writes. The file keeps it as `user_version`. */
export const schemaVersion = 1;

/**
 * The tables; docs/decisions/002-sqlite-layout.md has the reasons. Columns are in the order of their size:
 * short ones are read often, without the overflow pages of the long texts. Owners, keys, and the names and
 * data of snapshots are JSON text, which preserves any string and keeps different strings different.
 */
export const schema = `
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
