/** The version this code reads and writes, kept in the file as `user_version`. */
export const schemaVersion = 1;

/**
 * Why these tables: docs/decisions/002-sqlite-layout.md. Columns come in the order of their size, so that what is looked at often is read without the
 * pages that long texts overflow to. Owners, keys, and the names and data of snapshots stand as JSON text, which any string survives and which keeps different strings different.
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
