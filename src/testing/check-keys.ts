import type { FinalLog, History, Post } from './history.ts';
import { toCanonical } from './same-json.ts';
import { violate } from './violation.ts';
import type { Violation } from './violation.ts';

/**
 * Checks R7: all tries with one key get the same turn, and each message in a log has a post that may have
 * sent it. No post sent the messages of a past.
 */
export function checkKeys({ posts, logs }: History): readonly Violation[] {
  const tries = Map.groupBy(posts, (post) => toName(post));
  return [
    ...[...tries.values()].flatMap(checkOneTurn),
    ...logs.flatMap((log) => checkAsked(log, [...tries.values()])),
  ];
}

/** Each try without a key is a message of its own. */
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

/**
 * A key whose tries were all lost explains at most one message. A key with an answer explains only the
 * answered message.
 */
function checkAsked({ session, entries }: FinalLog, all: readonly (readonly Post[])[]): readonly Violation[] {
  const here = all.filter(([post]) => post?.session === session);
  // A history without recorded posts says nothing about its messages.
  if (here.length === 0) return [];
  const answered = new Set(
    here.flat().flatMap(({ fate }) => (fate.type === 'answered' ? [fate.message] : [])),
  );
  const open = here.filter(
    (tries) =>
      tries.some(({ fate }) => fate.type === 'lost') && tries.every(({ fate }) => fate.type !== 'answered'),
  );
  return entries.flatMap(({ id, event }) => {
    if (event.type !== 'message' || event.past || answered.has(event.message)) return [];
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
