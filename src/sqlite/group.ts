import type { DatabaseSync } from 'node:sqlite';
import { createAppendRows } from './append-rows.ts';
import { createAppend } from './append.ts';
import { isReading } from './calls.ts';
import type { CallName, StoreCalls, StoreOutcome, StoreCall } from './calls.ts';
import { createCheckpointCalls } from './checkpoint-calls.ts';
import type { WalCheckpoints } from './wal-checkpoints.ts';
import { toInteger } from './columns.ts';
import { toStoreRefusal } from './failure.ts';
import { createForget } from './forget.ts';
import { createKeptCopies } from './kept-copies.ts';
import { createLeftovers } from './leftovers.ts';
import type { WriteGate } from './write-gate.ts';
import { createLeaseCalls } from './lease-calls.ts';
import { createKeep } from './keep.ts';
import { createList } from './list.ts';
import { createRead } from './read.ts';
import { rollBack } from './roll-back.ts';
import { createSweep } from './sweep.ts';
import { createStoredSessions } from './stored-session.ts';

type Operations = {
  readonly [Name in CallName]: (args: StoreCalls[Name]['args']) => StoreCalls[Name]['result'];
};

export interface GroupOptions {
  /** @default lets everything through */
  readonly gate?: WriteGate;
  readonly walCheckpoints?: WalCheckpoints;
}

/**
 * Creates the function that runs a group of calls as one transaction and returns an outcome for each. A
 * commit costs far more than the calls in it. If the transaction fails, all its calls fail. If the disk is
 * full, the calls that free space are tried alone.
 */
export function createGroup(
  db: DatabaseSync,
  { gate, walCheckpoints }: GroupOptions = {},
): (requests: readonly StoreCall[]) => readonly StoreOutcome[] {
  const sessions = createStoredSessions(db);
  const rows = createAppendRows(db);
  const copies = createKeptCopies(db);
  const leftovers = createLeftovers(db, copies);
  const operations: Operations = {
    append: createAppend(db, sessions, rows),
    read: createRead(db, sessions, rows),
    check: createCheck(db),
    ...createForget(db, sessions, { rows, leftovers, copies }),
    sweep: createSweep(db, sessions, leftovers),
    ...createLeaseCalls(db, sessions),
    ...createKeep(db, sessions),
    ...createCheckpointCalls(db, sessions),
    ...createList(db),
  };
  let syncs: boolean | undefined;

  /**
   * Makes the commit sync to the disk, or leaves the sync to the next commit that does one. Until then a
   * power cut may lose the writes, but a killed process does not.
   */
  const setSyncs = (next: boolean): void => {
    if (next !== syncs) db.exec(`pragma synchronous = ${next ? 'full' : 'normal'}`);
    syncs = next;
  };

  const transact = (requests: readonly StoreCall[]): readonly StoreOutcome[] => {
    const isWrite = !requests.every(isReading);
    try {
      setSyncs(requests.some(isLasting));
      db.exec(isWrite ? 'begin immediate' : 'begin');
      sessions.refresh();
      const outcomes = requests.map((request) => ({ value: perform(operations, request) }));
      db.exec('commit');
      if (isWrite) walCheckpoints?.wrote();
      return outcomes;
    } catch (error) {
      sessions.forget();
      rollBack(db);
      const failure = toStoreRefusal(error);
      return requests.map(() => failure);
    }
  };

  /** If there is no room: runs a checkpoint and tries again, then tries only the calls that free space. */
  const insist = (requests: readonly StoreCall[]): readonly StoreOutcome[] => {
    const outcomes = transact(requests);
    if (!isFull(outcomes)) return outcomes;
    const again = walCheckpoints?.run() ? transact(requests) : outcomes;
    if (!isFull(again) || requests.every(isFreeing) || !requests.some(isFreeing)) return again;
    return answerSome(requests, (each) => (isFreeing(each) ? undefined : again[0]), transact);
  };

  return (requests) => {
    const refusals = gate?.refuse(requests);
    if (refusals === undefined) return insist(requests);
    return answerSome(requests, (_, index) => refusals[index], insist);
  };
}

/** Uses the answers that exist already, and runs the other requests. */
function answerSome(
  requests: readonly StoreCall[],
  toAnswer: (request: StoreCall, index: number) => StoreOutcome | undefined,
  run: (requests: readonly StoreCall[]) => readonly StoreOutcome[],
): readonly StoreOutcome[] {
  const answers = requests.map(toAnswer);
  const rest = requests.filter((_, index) => answers[index] === undefined);
  const outcomes = rest.length === 0 ? [] : run(rest);
  let next = 0;
  return answers.map(
    (answer) => answer ?? outcomes[next++] ?? { refused: 'unavailable', reason: 'an answer is missing' },
  );
}

/** Creates the check. It writes the same value again, touches no row, and works with a file of any schema. */
function createCheck(db: DatabaseSync): Operations['check'] {
  const version = db.prepare('pragma user_version');
  return () => {
    db.exec(`pragma user_version = ${toInteger(version.get()?.['user_version'])}`);
    return undefined;
  };
}

function perform<Name extends CallName>(
  operations: Operations,
  { name, args }: StoreCall<Name>,
): StoreCalls[Name]['result'] {
  return operations[name](args);
}

function isLasting({ name, args }: StoreCall): boolean {
  return name === 'append' ? args.lasting : name === 'drop' || name === 'save';
}

/** Whether a call frees space, or is needed by the calls that do. */
function isFreeing({ name }: StoreCall): boolean {
  return name === 'drop' || name === 'sweep' || name === 'keepOnly' || name === 'release';
}

/** A transaction fails as a whole, so all its calls have the same outcome. */
function isFull([first]: readonly StoreOutcome[]): boolean {
  return first !== undefined && 'refused' in first && first.refused === 'storage_full';
}
