import { mint } from '../protocol/internal.ts';
import type { Entry, SessionEvent, SessionState } from '../protocol/index.ts';
import type { NextHead } from '../log/index.ts';
import type { AppendOptions, AppendReceipt, EventLog, Page } from '../log/index.ts';
import type { Fence, Leases } from '../log/index.ts';
import type { Store } from '../log/index.ts';

/** Opens an empty store with a clock. */
type OpenStore = (now: () => number) => Promise<Store>;

/** One check of a behaviour that every store must have. */
export interface StoreCheck {
  readonly name: string;
  /** Opens a store, checks it and closes it. Rejects if the store behaves otherwise. */
  readonly run: (open: OpenStore) => Promise<void>;
}

/** The tools of a check. */
export interface Bench {
  readonly store: Store;
  readonly log: EventLog;
  readonly leases: Leases;
  /** Returns the time on the store's clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** Moves the store's clock forward, or back if `ms` is negative. */
  readonly advance: (ms: number) => void;
  /** Creates a session with one entry and returns its id. */
  readonly create: (head?: Partial<NextHead>, session?: string) => Promise<string>;
  /** Appends texts. Throws if the append is refused. */
  readonly say: (
    session: string,
    texts: readonly string[],
    options?: AppendOptions,
  ) => Promise<AppendReceipt>;
  /** Claims a lease. Throws if it is not free. */
  readonly claim: (session: string, ttlMs?: number) => Promise<Fence>;
  /** Reads all entries of a session. */
  readonly page: (session: string) => Promise<Page>;
}

/** Creates a check. `run` uses a store through the bench. */
export function createStoreCheck(name: string, run: (bench: Bench) => Promise<void>): StoreCheck {
  return {
    name,
    run: async (open) => {
      const clock = { now: 1_700_000_000_000 };
      const store = await open(() => clock.now);
      try {
        await run(createBench(store, clock));
      } finally {
        await store.close();
      }
    },
  };
}

function createBench(store: Store, clock: { now: number }): Bench {
  const { log, leases } = store;
  return {
    store,
    log,
    leases,
    now: () => clock.now,
    advance: (ms) => {
      clock.now += ms;
    },
    async create(head, session = mint(22)) {
      const now = toNextHead({ createdAt: clock.now, activeAt: clock.now, ...head });
      const made = await log.append(session, [{ type: 'session_start', session }], { head: { was: 0, now } });
      same(made.type, 'appended', 'the creation');
      return session;
    },
    async say(session, texts, options) {
      const said = await log.append(session, texts.map(toContractText), options);
      if (said.type !== 'appended') throw new Error(`Refused: ${said.reason}.`);
      return said;
    },
    async claim(session, ttlMs = 10_000) {
      const fence = await leases.claim(session, 'node', ttlMs);
      if (fence === undefined) throw new Error('A free session could not be claimed.');
      return fence;
    },
    async page(session) {
      const first = await log.read(session, undefined, Infinity);
      if (first.type !== 'page') throw new Error(`The session is ${first.type}.`);
      const entries = [...first.entries];
      for (let last = first; last.entries.length > 0;) {
        const page = await log.read(session, entries[entries.length - 1]?.id, Infinity);
        if (page.type !== 'page') throw new Error(`The session is ${page.type}.`);
        entries.push(...page.entries);
        last = page;
      }
      return { ...first, entries };
    },
  };
}

/** Creates a `content` event of an agent. */
export function toContractText(data: string): SessionEvent {
  return { type: 'content', turn: 'turn', part: 'part', data };
}

/** Creates a head without work. */
export function toNextHead(head: Partial<NextHead> = {}): NextHead {
  return { owner: 'owner', kind: 'session', createdAt: 0, activeAt: 0, queue: [], ...head };
}

/** Creates a state without messages, for a trim. */
export function toContractState(session: string): SessionState {
  return { session, messages: [], approvals: [] };
}

/** Returns the texts of entries, in order. */
export function toTexts(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ event }) => (event.type === 'content' ? [event.data] : []));
}

/** Throws if two JSON values differ. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [toCanonical(actual), toCanonical(expected)];
  if (one !== other) throw new Error(`Expected ${what} to be ${cut(other)}, but it is ${cut(one)}.`);
}

/** Sorts the members, so equal values have equal texts. */
function toCanonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : member,
    ) ?? 'undefined'
  );
}

function cut(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
