import type { SessionEvent } from 'heddle';
import type { EventLog, Store } from 'heddle/log';
import { median } from '../wire/measure.ts';
import { openBenchStore } from './bench-store.ts';

/** The cost of one operation in microseconds, as medians. */
export interface SizeFigures {
  readonly append: number;
  readonly resume: number;
  readonly takeover: number;
}

/** The entries of a session, and of an append. */
const perSession = 1_000;
const perAppend = 10;
const operations = 400;
/** The sessions whose node died: as many in a small store as in a large one. */
const dueSessions = 10;
const at = 1_700_000_000_000;

/** Fills a store with entries, and measures what an append, a resume and a takeover cost then. */
export async function measureStoreSize(kind: string, place: string, entries: number): Promise<SizeFigures> {
  const store = await openBenchStore(kind, place);
  try {
    const sessions = entries / perSession;
    const due = spreadOver(sessions, dueSessions);
    for (let first = 0; first < sessions; first += 50) {
      const names = Array.from({ length: Math.min(50, sessions - first) }, (_, index) => `s${first + index}`);
      await Promise.all(names.map((name) => fill(store.log, name, due.includes(name))));
    }
    const spread = spreadOver(sessions, operations);
    return {
      append: await time(spread, (name) => store.log.append(name, [toText(0)])),
      resume: await time(spread, (name) => readNearEnd(store.log, name)),
      takeover: await time(
        spread.map((_, index) => due[index % due.length] ?? ''),
        (name) => takeOver(store, name),
      ),
    };
  } finally {
    await store.close();
  }
}

/** Returns sessions from all over the store, so that what is read was not read just before. */
function spreadOver(sessions: number, count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `s${Math.floor(((index * 0.618_033_988_75) % 1) * sessions)}`,
  );
}

async function fill(log: EventLog, session: string, isDue: boolean): Promise<void> {
  const head = {
    owner: 'anonymous',
    kind: 'session',
    createdAt: at,
    activeAt: at,
    queue: [],
  } as const;
  await log.append(session, [{ type: 'session_start', session }], {
    head: { was: 0, now: isDue ? { ...head, dueAt: at } : head },
  });
  for (let entry = 0; entry < perSession; entry += perAppend)
    await log.append(
      session,
      Array.from({ length: perAppend }, (_, index) => toText(entry + index)),
    );
}

function toText(entry: number): SessionEvent {
  return { type: 'content', turn: 'turn', part: 'part', data: `some words of the answer ${entry} ` };
}

async function readNearEnd(log: EventLog, session: string): Promise<void> {
  // A client names the last entry that it has. Its tag is known from an append.
  const appended = await log.append(session, [toText(0)]);
  if (appended.type !== 'appended') throw new Error(appended.reason);
  const page = await log.read(session, appended.entries[0]?.id, 256);
  if (page.type !== 'page') throw new Error(page.type);
}

/** Takes a session over, as a node does after another one died: finds it, claims it, reads its log. */
async function takeOver({ leases, log }: Store, session: string): Promise<void> {
  await leases.due(100);
  const fence = await leases.claim(session, 'node', 10_000);
  if (fence === undefined) throw new Error('The session is held.');
  await log.read(session, undefined, 256);
  await leases.release(fence);
}

async function time(names: readonly string[], work: (name: string) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (const [index, name] of names.entries()) {
    const start = performance.now();
    await work(name);
    // The first ones warm up.
    if (index >= names.length / 4) times.push((performance.now() - start) * 1_000);
  }
  return median(times);
}
