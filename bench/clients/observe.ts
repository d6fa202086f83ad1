import { setTimeout as sleep } from 'node:timers/promises';
import { startScript } from '../../test/client-scripted-server.ts';
import type { Step } from '../../test/client-scripted-server.ts';
import { toLastEventId, toStep } from './answer.ts';
import type { Fault, Seen, SeenRequest } from './fault.ts';
import { toTold } from './follower.ts';
import type { Start } from './start.ts';

/** How long to look on once all is there: whoever sends something twice does so now. */
const settleMs = 300;
const pollMs = 20;
/** How long a client may take to send its first request. */
const startMs = 20_000;

interface Watched {
  readonly requests: SeenRequest[];
  readonly received: string[];
  ending?: Seen['ending'];
}

/** Puts a client through a fault and tells what was seen of each stream. */
export async function observe(start: Start, fault: Fault): Promise<readonly Seen[]> {
  const watched = fault.streams.map((): Watched => ({ requests: [], received: [] }));
  const first = Promise.withResolvers<void>();
  let firstAt = 0;
  const step: Step = (response, request) => {
    const index = Number(/^\/stream\/(\d+)$/.exec(request.url)?.[1]);
    const seen = watched[index];
    const answers = fault.streams[index];
    const answer = answers?.[seen?.requests.length ?? 0] ?? answers?.at(-1);
    if (seen === undefined || answer === undefined) {
      response.setHeader('content-type', 'text/html').end('<!doctype html>');
      return;
    }
    firstAt ||= performance.now();
    seen.requests.push({ at: performance.now() - firstAt, lastEventId: toLastEventId(request) });
    first.resolve();
    toStep(answer)(response, request);
  };

  await using server = await startScript(step);
  const urls = watched.map((_, index) => `${server.url}/stream/${index}`);
  const client = await start({ ...fault.job, urls }, (line) => {
    const told = toTold(line);
    const seen = told && watched[told.stream];
    if (seen === undefined) return;
    if (told?.type === 'message') seen.received.push(told.data);
    if (told?.type === 'end') seen.ending ??= told.how;
  });
  let isGone = false;
  void client.exited.then((code) => {
    isGone = true;
    // One that gave up has said so before, and lets its process end, too.
    for (const seen of watched) seen.ending ??= code === 0 ? 'exited' : 'crashed';
  });

  await Promise.race([first.promise, client.exited, sleep(startMs, undefined, { ref: false })]);
  const isOver = (seen: Watched): boolean => seen.ending !== undefined || fault.isOver?.(seen) === true;
  const untilAt = performance.now() + fault.forMs;
  // Counted in polls: time in which this process did not get to run tells nothing about the client.
  const { quietMs = Infinity } = fault;
  let quietPolls = 0;
  for (let before = 0; performance.now() < untilAt && !isGone && !watched.every(isOver);) {
    await sleep(pollMs);
    const progress = watched.reduce((sum, seen) => sum + seen.requests.length + seen.received.length, 0);
    quietPolls = progress === before ? quietPolls + 1 : 0;
    if (quietPolls * pollMs >= quietMs) break;
    before = progress;
  }
  if (performance.now() < untilAt) await sleep(settleMs);
  const isEnough = performance.now() < untilAt || fault.quietMs === undefined;
  const result = watched.map(({ requests, ...seen }) => ({
    ...seen,
    requests: requests.filter(({ at }) => at < fault.forMs),
  }));
  await client.stop();
  if (!isEnough) throw new Error(`${fault.name}: streams were not over after ${fault.forMs} ms.`);
  return result;
}
