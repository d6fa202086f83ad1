import { defineAgent } from 'heddle';
import type { Agent, AgentEvent, Entry } from 'heddle';
import { memoryStore } from 'heddle/log';
import { createServer } from 'heddle/server';
import { a2a } from 'heddle/dialects';
import { createRandom } from 'heddle/testing';
import type { Random } from 'heddle/testing';

const words = ['one ', 'two ', 'drei ', '', '四', '"', '\\', '😀', '\u0000', ' '];

/** Creates an agent that does anything that agents do, in any order. */
function createRandomAgent(random: Random): Agent {
  return defineAgent({
    onCrash: 'retry',
    open: () =>
      async function* ({ input, turn }) {
        const own = random.fork(turn);
        if (input.type === 'message') yield* speak(own);
        for (const { decision } of input.type === 'answers' ? input.answers : [])
          yield decision === true ? 'Yes. ' : 'No. ';
        const count = own.integer(0, 5);
        for (let step = 0; step < count; step += 1) yield* act(own, `c${step}`);
        if (own.chance(0.1)) throw new Error('The dice said so.');
        const questions = input.type === 'message' && own.chance(0.4) ? own.integer(1, 2) : 0;
        for (let asked = 0; asked < questions; asked += 1) {
          const call = `ask${asked}`;
          if (own.chance(0.7)) yield { type: 'tool_use', call, tool: 'pay', input: { asked } };
          const about = own.chance(0.7) ? { call } : {};
          const reason = own.pick(['It costs.', { message: 'Really?' }, null, 7]);
          yield { type: 'approval_request', approval: `${turn}-${asked}`, reason, ...about };
        }
        if (own.chance(0.5)) yield { type: 'usage', usage: { input_tokens: 3, output_tokens: 4 } };
        if (own.chance(0.5)) yield { type: 'stop', reason: 'end_turn' };
      },
  });
}

function* speak(random: Random): Generator<AgentEvent> {
  const agent = random.chance(0.2) ? { agent: ['inner'] } : {};
  const part = `p${random.integer(1, 3)}`;
  const count = random.integer(0, 4);
  for (let at = 0; at < count; at += 1) yield { type: 'content', data: random.pick(words), part, ...agent };
  if (random.chance(0.2)) yield { type: 'replace', data: random.pick(words), part, ...agent };
  if (random.chance(0.2)) yield { type: 'discard', parts: [part], ...agent };
  if (random.chance(0.3)) yield { type: 'content', data: random.pick(words), part, ...agent };
}

function* act(random: Random, call: string): Generator<AgentEvent> {
  switch (random.integer(1, 5)) {
    case 1:
      yield { type: 'reasoning', data: random.pick(words) };
      return;
    case 2:
      yield { type: 'tool_use_start', call, tool: 'look' };
      yield { type: 'tool_use', call, tool: 'look', input: random.pick([{}, { a: [1] }, 'text', null]) };
      if (random.chance(0.5)) yield { type: 'tool_progress', call, data: 1 };
      if (random.chance(0.8))
        yield {
          type: 'tool_result',
          call,
          output: random.pick([null, 'x', { b: 2 }]),
          status: random.pick(['ok', 'error']),
        };
      return;
    case 3:
      yield { type: 'custom', name: 'note', data: random.pick([null, { c: 3 }, 'd']) };
      return;
    case 4:
      yield { type: 'step_start' };
      yield* speak(random);
      yield { type: 'step_end' };
      return;
    default:
      yield* speak(random);
  }
}

/** Runs a conversation with the random agent, by A2A. Returns its log. */
export async function runRandomSession(
  seed: number,
): Promise<{ readonly session: string; readonly log: readonly Entry[] }> {
  const random = createRandom(seed);
  const store = memoryStore();
  const server = createServer({
    agent: createRandomAgent(random.fork('agent')),
    store,
    dialects: [a2a()],
    gatherMs: 0,
    onError: () => {},
  });
  let session = '';
  const send = async (
    message: object,
  ): Promise<{
    id: string;
    status: { state: string; message?: { parts: readonly { data?: { approval?: string } }[] } };
  }> => {
    const request = new Request('http://localhost/a2a/message:send', {
      method: 'POST',
      headers: { 'content-type': 'application/a2a+json', 'a2a-version': '1.0' },
      body: JSON.stringify({
        message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', contextId: 'room', ...message },
      }),
    });
    const response = await server.fetch(request);
    session = response.headers.get('heddle-session') ?? session;
    return ((await response.json()) as { task: never }).task;
  };
  try {
    for (let count = random.integer(1, 3); count > 0; count -= 1) {
      const parts = random.chance(0.7)
        ? [{ text: 'Go.' }]
        : [{ text: 'Look: ' }, { raw: 'AAAA', mediaType: 'image/png' }];
      let task = await send({ parts });
      while (task.status.state === 'TASK_STATE_INPUT_REQUIRED' && random.chance(0.8)) {
        const asked = task.status.message?.parts.flatMap(({ data }) => data?.approval ?? []) ?? [];
        const answered = random.chance(0.5) ? asked : asked.slice(0, 1);
        const decision = random.pick([true, false, { approved: false, reason: 'no' }, 'maybe']);
        task = await send({
          taskId: task.id,
          parts: answered.map((approval) => ({ data: { approval, decision } })),
        });
      }
    }
    const page = await store.log.read(session, undefined, 10_000);
    if (page.type !== 'page') throw new Error('There is no such session.');
    return { session, log: page.entries };
  } finally {
    await server.close(0);
  }
}
