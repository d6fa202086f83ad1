import type { AppendRefusal, Fence, Gone, Missing } from '../log/index.ts';
import type { ListedSession, LoadedCheckpoint, NextCheckpoint } from '../log/index.ts';

/**
 * The calls of the store to its worker, with their arguments and results. Events, heads and states are sent
 * as JSON text. The text is made once, before the call returns to the caller, and a string is cheaper to send
 * to a thread than objects.
 */
export interface StoreCalls {
  readonly append: { readonly args: AppendCall; readonly result: AppendResult };
  readonly read: { readonly args: ReadCall; readonly result: ReadResult };
  readonly trim: {
    readonly args: { readonly session: string; readonly upTo: string; readonly state: string };
    readonly result: 'done' | 'unknown';
  };
  readonly drop: { readonly args: { readonly session: string }; readonly result: boolean };
  /** The worker makes this call itself. It deletes a slice of what trims and drops left behind. */
  readonly sweep: {
    /** Sessions that were dropped until then, in milliseconds since 1970, are deleted altogether. */
    readonly args: { readonly rows: number; readonly droppedUntil: number };
    readonly result: boolean;
  };
  readonly claim: {
    readonly args: {
      readonly session: string;
      readonly node: string;
      readonly now: number;
      readonly ttlMs: number;
    };
    readonly result: Fence | undefined;
  };
  readonly renew: {
    readonly args: { readonly fence: Fence; readonly until: number };
    readonly result: boolean;
  };
  readonly release: {
    readonly args: { readonly fence: Fence; readonly ifHead: number | undefined };
    readonly result: boolean;
  };
  readonly due: {
    readonly args: { readonly now: number; readonly limit: number };
    readonly result: readonly string[];
  };
  readonly list: {
    readonly args: {
      readonly owner: string;
      readonly limit: number;
      /** `activeAt` is Infinity for the first page. */
      readonly before: { readonly activeAt: number; readonly session: string };
    };
    readonly result: readonly ListedRow[];
  };
  readonly listDue: {
    readonly args: { readonly now: number; readonly owner: string | undefined; readonly limit: number };
    readonly result: readonly ListedRow[];
  };
  /** Writes without changing anything, to find out whether a write succeeds. */
  readonly check: { readonly args: Readonly<Record<string, never>>; readonly result: undefined };
  readonly save: { readonly args: SnapshotCall & { readonly data: string }; readonly result: undefined };
  readonly load: { readonly args: SnapshotCall; readonly result: string | undefined };
  readonly keepOnly: { readonly args: SnapshotCall; readonly result: undefined };
  readonly saveCheckpoint: {
    readonly args: { readonly session: string; readonly next: NextCheckpoint };
    readonly result: boolean;
  };
  readonly loadCheckpoint: {
    readonly args: {
      readonly session: string;
      readonly last: number;
      /** Infinity for the last pages of all. */
      readonly before: number;
    };
    readonly result: LoadedCheckpoint | undefined;
  };
}

export type CallName = keyof StoreCalls;

/** One call on its way to the worker. */
export type StoreCall<Name extends CallName = CallName> = {
  readonly [Each in Name]: { readonly name: Each; readonly args: StoreCalls[Each]['args'] };
}[Name];

const reading: ReadonlySet<CallName> = new Set(['read', 'list', 'listDue', 'load', 'loadCheckpoint']);

/**
 * Returns whether a call writes nothing. `due` writes: it frees the sessions of expired leases. It runs every
 * second, and so it also notices when the file is gone.
 */
export function isReading({ name }: StoreCall): boolean {
  return reading.has(name);
}

/** The result of one call, or why it failed. */
export type StoreOutcome<Result = unknown> =
  | { readonly value: Result }
  | { readonly refused: 'unavailable' | 'storage_full'; readonly reason: string };

export interface AppendCall {
  readonly session: string;
  readonly at: number;
  readonly count: number;
  /** A JSON array. */
  readonly events: string;
  /** Whether it must survive a power cut. */
  readonly lasting: boolean;
  readonly head: NextHeadRow | undefined;
  readonly key: { readonly id: string; readonly digest: string } | undefined;
  readonly fence: Fence | undefined;
}

export interface NextHeadRow {
  readonly was: number;
  readonly text: string;
  readonly owner: string;
  readonly kind: ListedSession['head']['kind'];
  readonly activeAt: number;
  readonly dueAt: number | undefined;
}

export type AppendResult =
  | { readonly type: 'written'; readonly row: Pick<AppendRow, 'last' | 'tag'>; readonly version: number }
  | { readonly type: 'repeat'; readonly row: AppendRow | undefined; readonly version: number }
  | { readonly type: 'duplicate'; readonly row: AppendRow | undefined }
  | { readonly type: 'refused'; readonly reason: Exclude<AppendRefusal['reason'], 'duplicate'> };

/** The entries of one append as stored. They share a tag and a time; `last` is the seq of the last one. */
export interface AppendRow {
  readonly last: number;
  readonly count: number;
  readonly tag: string;
  readonly at: number;
  readonly events: string;
}

export interface ReadCall {
  readonly session: string;
  readonly after: string | undefined;
  readonly limit: number;
}

export type ReadResult =
  | Missing
  | Gone
  | {
      readonly type: 'page';
      readonly head: string;
      readonly base: string | undefined;
      /** The seqs of the first entry that may be in the page, and of the last one in the log. */
      readonly first: number;
      readonly last: number;
      /** Whole appends. The first may start at or before `after`; the last may end beyond the limit. */
      readonly rows: readonly AppendRow[];
      /** Whether the page ends before the log does. */
      readonly more: boolean;
    };

interface SnapshotCall {
  readonly session: string;
  /** JSON text, as `data` is. */
  readonly name: string;
}

export interface ListedRow {
  readonly session: string;
  readonly head: string;
}
