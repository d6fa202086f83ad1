import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startBenchChild } from '../delivery/child.ts';
import type { BenchChild } from '../delivery/child.ts';
import { median } from '../wire/measure.ts';
import { readFirstFrame, readText, sendAndHear } from './requests.ts';

/** The figures of one conversation, in milliseconds unless they say otherwise. */
export interface SessionFigures {
  readonly firstWord: number;
  readonly window: number;
  readonly fromState: number;
  /** The same three right after the node started: no state is in its memory. */
  readonly coldFirstWord: number;
  readonly coldWindow: number;
  readonly coldFromState: number;
  /** The longest time for which any of them blocked the event loop. */
  readonly held: number;
  /** A whole `GET /session`: its time, its size in MB, and how long another request waited meanwhile. */
  readonly whole: number;
  readonly wholeMegabytes: number;
  readonly othersWaited: number;
}

/** How often each request is repeated; the figures are medians. */
const repeats = 15;
const starts = 5;
/** How long a node needs, after the first word of an answer, until it has given the lease back. */
const releaseMs = 300;
const session = 'long-session';
const other = 'other-session';

/** Measures a conversation of so many messages over one store. A store in memory has no cold start. */
export async function measureSession(kind: string, place: string, messages: number): Promise<SessionFigures> {
  const open = async (): Promise<{ readonly child: BenchChild; readonly url: string }> => {
    const script = fileURLToPath(new URL('node.ts', import.meta.url));
    const flags = ['--conditions=@heddle/source', '--disable-warning=ExperimentalWarning'];
    const child = await startBenchChild('server', [process.execPath, ...flags, script, kind, place]);
    return { child, url: `http://127.0.0.1:${Number(child.ready['port'])}` };
  };
  let { child, url } = await open();
  const held: number[] = [];
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    await child.ask({ type: 'reset' });
    const start = performance.now();
    await work();
    const ms = performance.now() - start;
    held.push(Number((await child.ask({ type: 'held' }))['heldMs']));
    return ms;
  };
  const works = {
    window: (name: string) => readText(`${url}/session/${name}?messages=50`),
    fromState: (name: string) => readFirstFrame(`${url}/stream/${name}?from=state`),
    firstWord: (name: string) => sendAndHear(url, name),
  };

  try {
    await child.ask({ type: 'fill', session, messages });
    await child.ask({ type: 'fill', session: other, messages: 10 });
    // The first read of a log without a checkpoint folds all of it, and keeps one.
    await works.window(session);
    await works.firstWord(session);

    const cold: Record<keyof typeof works, number[]> = { window: [], fromState: [], firstWord: [] };
    for (let start = 0; start < (kind === 'memory' ? 0 : starts); start += 1) {
      for (const name of ['window', 'fromState', 'firstWord'] as const) {
        // The last turn ends and gives its lease back. Otherwise the next node would wait until it expires.
        await delay(releaseMs);
        await child.stop();
        ({ child, url } = await open());
        // The code is warm, the session is not.
        for (let times = 0; times < 3; times += 1) for (const work of Object.values(works)) await work(other);
        cold[name].push(await time(() => works[name](session)));
      }
    }
    for (let times = 0; times < 5; times += 1) for (const work of Object.values(works)) await work(session);
    const warm = async (name: keyof typeof works): Promise<number> => {
      const times: number[] = [];
      for (let repeat = 0; repeat < repeats; repeat += 1) times.push(await time(() => works[name](session)));
      return median(times);
    };
    const [window, fromState, firstWord] = [
      await warm('window'),
      await warm('fromState'),
      await warm('firstWord'),
    ];
    const longest = Math.max(...held);

    const whole: number[] = [];
    const waits: number[] = [];
    let bytes = 0;
    for (let repeat = 0; repeat < 5; repeat += 1) {
      let isOver = false;
      const others = (async () => {
        while (!isOver) {
          const start = performance.now();
          await readText(`${url}/health`);
          waits.push(performance.now() - start);
        }
      })();
      whole.push(await time(async () => (bytes = (await readText(`${url}/session/${session}`)).length)));
      isOver = true;
      await others;
    }
    return {
      firstWord,
      window,
      fromState,
      coldFirstWord: median(cold.firstWord),
      coldWindow: median(cold.window),
      coldFromState: median(cold.fromState),
      held: longest,
      whole: median(whole),
      wholeMegabytes: bytes / 1e6,
      othersWaited: Math.max(...waits),
    };
  } finally {
    await child.stop();
  }
}
