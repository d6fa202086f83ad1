import type { FinalLog, History, Post } from './history.ts';
import { toCanonical } from './same-json.ts';
import { violate } from './violation.ts';
import type { Violation } from './violation.ts';

/** R7: all tries under one key are answered with one turn, and no message stands in a log that nobody can have asked for. */
export function checkKeys({ posts, logs }: History): readonly Violation[] {
  const tries = Map.groupBy(posts, (post) => toName(post));
  return [
    ...[...tries.values()].flatMap(checkOneTurn),
    ...logs.flatMap((log) => checkAsked(log, [...tries.values()])),
  ];
}

/** Tries without a key are each a message of its own. */
function toName({ session, principal, key }: Post): unknown {
  return key === undefined ? Symbol('no key') : JSON.stringify([session, principal, key]);
}

function checkOneTurn(tries: readonly Post[]): readonly Violation[] {
  const [post] = tries;
  const answered = tries.filter(({ fate }) => fate.type === 'answered');
  const turns = new Set(answered.flatMap(({ fate }) => (fate.type === 'answered' ? [fate.turn] : [])));
  const contents = new Set(answered.map(({ content }) => toCanonical(content)));
  if (post === undefined || (turns.size <= 1 && contents.size <= 1)) return [];
  const ids = answered.flatMap(({ fate }) => (fate.type === 'answered' ? [fate.id] : []));
  const what = turns.size > 1 ? `${turns.size} turns` : `one turn for ${contents.size} contents`;
  return [violate('R7', `The key ${post.key ?? ''} was answered with ${what}.`, post, ids)];
}

/** A key whose tries were all lost accounts for one message at most; one that was answered accounts for that message alone. */
function checkAsked({ session, entries }: FinalLog, all: readonly (readonly Post[])[]): readonly Violation[] {
  const here = all.filter(([post]) => post?.session === session);
  // A history that wrote no posts down says nothing about them.
  if (here.length === 0) return [];
  const answered = new Set(
    here.flat().flatMap(({ fate }) => (fate.type === 'answered' ? [fate.message] : [])),
  );
  const open = here.filter(
    (tries) =>
      tries.some(({ fate }) => fate.type === 'lost') && tries.every(({ fate }) => fate.type !== 'answered'),
  );
  return entries.flatMap(({ id, event }) => {
    if (event.type !== 'message' || answered.has(event.message)) return [];
    const content = toCanonical(event.content);
    const index = open.findIndex((tries) =>
      tries.some((post) => post.fate.type === 'lost' && toCanonical(post.content) === content),
    );
    if (index >= 0) {
      open.splice(index, 1);
      return [];
    }
    return [violate('R7', `Message ${event.message} stands in the log a second time.`, { session }, [id])];
  });
}
