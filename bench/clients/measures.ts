import type { Fault, FaultView } from './fault.ts';
import { tally } from './recording.ts';

type Measure = Fault['measure'];

const endings = {
  failed: 'gave up',
  done: 'took it for the end',
  thrown: 'thrown to the caller',
  crashed: 'process crashed',
  exited: 'process ended',
} as const;

/** Returns how many requests the client sent in the time. */
export const requests: Measure = ([seen]) => {
  const count = seen?.requests.length ?? 0;
  return withEnding(`${count} ${count === 1 ? 'request' : 'requests'}`, seen);
};

/** Returns what was lost, repeated and altered over all streams. */
export const losses: Measure = (all) => {
  const sums = { lost: 0, repeated: 0, altered: 0 };
  for (const { received } of all) {
    const each = tally(received);
    sums.lost += each.lost;
    sums.repeated += each.repeated;
    sums.altered += each.altered;
  }
  const { lost, repeated, altered } = sums;
  const counts = [
    `${lost} lost`,
    ...(repeated > 0 ? [`${repeated} repeated`] : []),
    ...(altered > 0 ? [`${altered} altered`] : []),
  ];
  return withEnding(
    counts.join(', '),
    all.find(({ ending }) => ending !== undefined),
  );
};

/** Returns when the client sent its second request. */
export const comeback: Measure = ([seen]) => {
  const second = seen?.requests[1];
  return second === undefined ? toEnding(seen, 'never') : `after ${toSeconds(second.at)}`;
};

/** Also returns whether the second request respected the wait that the server asked for. */
export function comebackNotBefore(ms: number): Measure {
  return (all) => {
    const second = all[0]?.requests[1];
    return comeback(all) + (second === undefined ? '' : second.at < ms ? ', too early' : ', as told');
  };
}

/** Also returns how many events the client delivered that the server never sent. */
export const comebackAndPhantoms: Measure = (all) => {
  const { altered } = tally(all[0]?.received ?? []);
  return comeback(all) + (altered > 0 ? `, ${altered} phantom` : '');
};

/** Returns the `Last-Event-ID` of the request at this index. */
export function resumesAfter(request: number): Measure {
  return ([seen]) => {
    const last = seen?.requests[request];
    if (last === undefined) return toEnding(seen, 'never asked again');
    return last.lastEventId === undefined ? 'no id' : `\`${last.lastEventId}\``;
  };
}

/** Returns whether the client's process was there to send a second request. */
export const survival: Measure = ([seen]) =>
  seen?.requests[1] ? 'stays alive' : toEnding(seen, 'never asked again');

function withEnding(text: string, seen: FaultView | undefined): string {
  return seen?.ending === undefined ? text : `${text}, ${endings[seen.ending]}`;
}

function toEnding(seen: FaultView | undefined, otherwise: string): string {
  return seen?.ending === undefined ? otherwise : endings[seen.ending];
}

function toSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
