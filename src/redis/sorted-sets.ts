import type { RedisLink } from './redis-link.ts';
import { toGroups, toList, toNumber } from './reply.ts';
import { stepScript } from './step-script.ts';

/** A member of a sorted set. */
export interface SetMember {
  /** The key of the sorted set. */
  readonly set: string;
  readonly name: string;
  readonly score: number;
  /** The time at which it was read, in milliseconds, on the store's clock. */
  readonly readAt: number;
}

export interface SetWalk {
  /** The keys of the sorted sets, grouped by what one script may use together. */
  readonly batches: readonly (readonly string[])[];
  /** `rising`: from the lowest score to the time now. `falling`: from the highest score to the lowest. */
  readonly order: 'rising' | 'falling';
  /** The place that the walk continues after. Without a name, after all members with that score. */
  readonly from?: { readonly score: number; readonly name?: string | undefined } | undefined;
  /** About how many members will be taken. */
  readonly wanted: number;
}

/** How many members of a set one step reads at most. */
const mostMembers = 1_000;

/** A set on the way, with the members that were read and not yet taken. */
interface Cursor {
  readonly set: string;
  readonly read: SetMember[];
  after: SetWalk['from'];
  isAtEnd: boolean;
}

/**
 * Walks through sorted sets as if they were one: by score, then by name, both in the same direction. Reads
 * about as many members as are wanted, and reads on if more are taken.
 */
export async function* walkSets(
  link: RedisLink,
  now: () => string,
  { batches, order, from, wanted }: SetWalk,
): AsyncGenerator<SetMember, void> {
  const cursors = batches.map((sets) =>
    sets.map((set): Cursor => ({ set, read: [], after: from, isAtEnd: false })),
  );
  // Twice the average, and some for small numbers: few walks need a second round.
  const size = Math.min(Math.ceil((2 * wanted) / cursors.flat().length) + 4, mostMembers);

  const readOn = async (batch: readonly Cursor[]): Promise<void> => {
    const empty = batch.filter(({ read, isAtEnd }) => read.length === 0 && !isAtEnd);
    if (empty.length === 0) return;
    const places = empty.flatMap(({ after }) => [String(after?.score ?? ''), after?.name ?? '']);
    const sets = empty.map(({ set }) => set);
    const reply = await link.run(stepScript, sets, [now(), order, String(size), ...places]);
    const [time, pages] = toList(reply);
    const readAt = toNumber(time);
    for (const [index, page] of toList(pages).entries()) {
      const cursor = empty[index];
      if (cursor === undefined) continue;
      for (const [name = '', score] of toGroups(page, 2))
        cursor.read.push({ set: cursor.set, name, score: Number(score), readAt });
      cursor.after = cursor.read.at(-1);
      cursor.isAtEnd = cursor.read.length < size;
    }
  };

  for (;;) {
    await Promise.all(cursors.map(readOn));
    let next: Cursor | undefined;
    for (const cursor of cursors.flat()) if (isAhead(order, cursor.read[0], next?.read[0])) next = cursor;
    const member = next?.read.shift();
    if (member === undefined) return;
    yield member;
  }
}

/** Takes some members. Returns fewer if the walk ends. */
export async function takeMembers(
  walk: AsyncGenerator<SetMember, void>,
  count: number,
): Promise<readonly SetMember[]> {
  const taken: SetMember[] = [];
  while (taken.length < count) {
    const { value } = await walk.next();
    if (value === undefined) break;
    taken.push(value);
  }
  return taken;
}

function isAhead(order: SetWalk['order'], one: SetMember | undefined, other: SetMember | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  const isLower = one.score < other.score || (one.score === other.score && one.name < other.name);
  return isLower === (order === 'rising');
}
