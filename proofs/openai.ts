// `npm run proof:openai -- [--sessions 1000] [--cuts 200] [--seed 1] [--write]`: random sessions, each frame
// of which must be one that OpenAI's packages declare and decode; and a long answer whose stream is cut at
// random bytes and read on by `starting_after`, which must give each event once.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import type OpenAI from 'openai';
import { defineAgent } from 'heddle';
import type { AgentEvent } from 'heddle';
import { openAi } from 'heddle/dialects';
import { createFaultProxy, createRandom } from 'heddle/testing';
import { startWith } from '../test/rig/checked-server.ts';
import { runOpenAiSession } from '../test/rig/dialects/open-ai/open-ai-session.ts';
import { createOpenAi, openAiPackages } from '../test/rig/dialects/open-ai/sdk-responses.ts';
import { createTypedFrames } from '../test/rig/dialects/open-ai/typed-frames.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '1000' },
    cuts: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});
/** Streams of one response that are cut, before one is not. */
const cutsOfOne = 25;
const random = createRandom(Number(values.seed));
const typed = createTypedFrames();
const failures: string[] = [];
let [frames, turns, cuts, numbers] = [0, 0, 0, 0];

for (let session = 1; session <= Number(values.sessions); session += 1)
  try {
    const ran = await runOpenAiSession(random.fork(session), typed);
    frames += ran.frames;
    turns += ran.turns;
  } catch (error) {
    failures.push(`session ${session}: ${String(error)}`);
  }
const errors = await typed.check();
if (errors !== '') failures.push(`the declarations: ${errors}`);

/** Says words slowly enough to be cut in between, with all kinds of items. */
async function* answerLong(): AsyncGenerator<AgentEvent, void> {
  for (let round = 1; round <= 60; round += 1) {
    yield { type: 'reasoning', data: `Thought ${round}.` };
    yield { type: 'content', data: `Word ${round}.` };
    yield { type: 'tool_use', call: `c${round}`, tool: 'add', input: { round } };
    yield { type: 'tool_result', call: `c${round}`, output: round };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

type Events = AsyncIterable<OpenAI.Responses.ResponseStreamEvent>;

/** Reads a response by one cut stream after the other. Returns how many streams were cut. */
async function readCut(client: OpenAI, id: string, seen: unknown[]): Promise<number> {
  let last: number | undefined;
  for (let tries = 0; ; tries += 1)
    try {
      const place = last === undefined ? {} : { starting_after: last };
      const events: Events = await client.responses.retrieve(id, { stream: true, ...place });
      for await (const event of events) {
        seen.push(event);
        last = event.sequence_number;
        if (event.type === 'response.completed') return tries;
      }
    } catch {
      // The client goes on.
    }
}

const server = await startWith(openAi())(defineAgent({ open: () => answerLong }));
for (const [version, Package] of Object.entries(openAiPackages)) {
  let own = 0;
  for (let round = 1; own < Number(values.cuts); round += 1) {
    const proxy = await createFaultProxy({
      port: Number(new URL(server.url).port),
      // The last response alone is longer than what passes before a cut.
      plan: (count, drawn) =>
        count < cutsOfOne
          ? {
              down: { cut: { atByte: drawn.integer(150, 30_000), how: drawn.pick(['rst', 'fin'] as const) } },
            }
          : {},
      seed: random.fork(`${version} ${round}`).seed,
    });
    const direct = createOpenAi(Package, server.url, 'ada');
    const { id } = await direct.responses.create({ model: 'heddle', input: 'hi', background: true });
    const seen: unknown[] = [];
    own += await readCut(createOpenAi(Package, proxy.url, 'ada'), id, seen);
    const whole: unknown[] = [];
    for await (const event of await direct.responses.retrieve(id, { stream: true })) whole.push(event);
    if (!isDeepStrictEqual(seen, whole))
      failures.push(`openai ${version}, round ${round}: not each event once`);
    numbers += whole.length;
    await proxy.close();
  }
  cuts += own;
}
await server.close();

report({
  name: 'openai',
  title: "Random sessions by the declarations and decoders of OpenAI's packages, and streams that are cut",
  seed: values.seed,
  write: values.write,
  failures,
  figures: {
    sessions: values.sessions,
    turns,
    frames,
    'shapes of frames': typed.size,
    'streams that were cut': cuts,
    'events read over cuts': numbers,
    failures: failures.length,
  },
});
