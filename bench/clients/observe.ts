import { setTimeout as sleep } from 'node:timers/promises';
import { startScript } from '../../src/client/scripted-server.fixture.ts';
import type { Step } from '../../src/client/scripted-server.fixture.ts';
import { toLastEventId, toStep } from './answer.ts';
import type { Fault, FaultView, SeenRequest } from './fault.ts';
import { toTold } from './follower.ts';
import type { Start } from './start.ts';

/**
 * How long to watch after a stream is complete. A client that repeats requests or events does so in this
 * time.
 */
const settleMs = 300;
const pollMs = 20;
/** How long a client may take to send its first request. */
const startMs = 20_000;

interface Watched {
  readonly requests: SeenRequest[];
  readonly received: string[];
  ending?: FaultView['ending'];
}

/** Plays a fault to a client. Returns what was seen of each stream. */
export async function observe(start: Start, fault: Fault): Promise<readonly FaultView[]> {
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
    // A client that gave up has reported so before its process ended.
    for (const seen of watched) seen.ending ??= code === 0 ? 'exited' : 'crashed';
  });

  await Promise.race([first.promise, client.exited, sleep(startMs, undefined, { ref: false })]);
  if (firstAt === 0) throw new Error(`${fault.name}: the client asked for nothing.`);
  const isSettled = await watch(watched, fault, () => isGone);
  const result = watched.map(({ requests, ...seen }) => ({
    ...seen,
    requests: requests.filter(({ at }) => at < fault.forMs),
  }));
  await client.stop();
  if (!isSettled && fault.quietMs !== undefined) {
    throw new Error(`${fault.name}: the streams were not over after ${fault.forMs} ms.`);
  }
  return result;
}

/** Watches until a fault is over or its time has passed. Returns whether it was over. */
async function watch(
  watched: readonly Watched[],
  { forMs, quietMs = Infinity, isOver }: Fault,
  isGone: () => boolean,
): Promise<boolean> {
  const untilAt = performance.now() + forMs;
  const isAllOver = (): boolean =>
    isGone() || watched.every((seen) => seen.ending !== undefined || isOver?.(seen) === true);
  const toProgress = (): number =>
    watched.reduce((sum, { requests, received }) => sum + requests.length + received.length, 0);
  // The quiet time is counted in polls. If this process did not run for a time, that says nothing about the
  // client.
  let quietPolls = 0;
  for (let before = 0; !isAllOver() && quietPolls * pollMs < quietMs; before = toProgress()) {
    await sleep(pollMs);
    if (performance.now() >= untilAt) return false;
    quietPolls = toProgress() === before ? quietPolls + 1 : 0;
  }
  await sleep(settleMs);
  return true;
}
