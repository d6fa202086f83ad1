import type { AgentEvent } from 'heddle';
import { AgentError } from 'heddle';
import type { Random } from 'heddle/testing';

type Yield = readonly AgentEvent[];

/** The events that an agent may give next. Some do not fit what it has said, so that its turn fails. */
const sayings: readonly ((random: Random, name: string) => Yield)[] = [
  (_, name) => [`${name} `],
  (_, name) => ['', { type: 'content', data: name, agent: ['inner'] }],
  (_, name) => [{ type: 'reasoning', data: name }],
  (_, name) => [
    { type: 'content_start', part: name },
    { type: 'content', part: name, data: 'part' },
  ],
  () => [{ type: 'content_end' }],
  (random, name) => toCall(name, random.pick(['ok', 'error', 'cancelled', undefined])),
  (_, name) => [
    { type: 'tool_use_start', call: name, tool: 'slow' },
    { type: 'tool_use_input', call: name, data: '{"a":' },
    { type: 'tool_use_input', call: name, data: '1}' },
    { type: 'tool_use', call: name, tool: 'slow', input: { a: 1 } },
    { type: 'tool_progress', call: name, data: 0.5 },
  ],
  (_, name) => [{ type: 'tool_use_start', call: name, tool: 'half' }],
  (_, name) => toCall('again', 'ok', [name]),
  () => [{ type: 'step_start' }],
  () => [{ type: 'step_end' }],
  () => [{ type: 'discard' }],
  () => [{ type: 'discard', all: true }],
  () => [{ type: 'replace', data: 'replaced' }],
  () => [{ type: 'custom', name: 'state', data: null }],
  () => [{ type: 'usage', usage: { input_tokens: 2, output_tokens: 3 } }],
  (random) => [{ type: 'stop', reason: random.pick(['end_turn', 'max_tokens', 'content_filtered']) }],
  (_, name) => [{ type: 'approval_request', approval: `of ${name}`, reason: { why: name } }],
  (_, name) => [
    { type: 'tool_use', call: name, tool: 'pay', input: { sum: 3 } },
    { type: 'approval_request', approval: `for ${name}`, call: name, reason: 'Pay?' },
  ],
];

function toCall(
  call: string,
  status: 'ok' | 'error' | 'cancelled' | undefined,
  agent?: readonly string[],
): Yield {
  const by = agent && { agent };
  const use: AgentEvent = { type: 'tool_use', call, tool: 'add', input: [1], ...by };
  return status === undefined ? [use] : [use, { type: 'tool_result', call, output: { call }, status, ...by }];
}

/** Yields a random answer: texts, tools, approvals and all else, in any order. It may fail. */
export async function* answerAtRandom(random: Random): AsyncGenerator<AgentEvent, void> {
  const count = random.integer(0, 14);
  for (let index = 0; index < count; index += 1) {
    yield* random.pick(sayings)(random, `n${index}`);
    if (random.integer(0, 4) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  if (random.integer(0, 9) === 0) throw new Error('At random.');
  if (random.integer(0, 19) === 0) throw new AgentError('quota', 'No more for today.');
}
