import { deepStrictEqual } from 'node:assert';
import OpenAI from 'openai';
import OpenAi6 from 'openai6';
import { defineAgent } from 'heddle';
import type { AgentEvent } from 'heddle';
import { openAi } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { createServer } from 'heddle/server';
import type { Server } from 'heddle/server';
import type { Random } from 'heddle/testing';
import { parse } from 'heddle/wire';
import { answerAtRandom } from './random-answers.ts';
import type { TypedFrames } from './typed-frames.ts';

interface WireResponse {
  readonly id: string;
  readonly status: string;
  readonly output: readonly { readonly type: string; readonly id: string }[];
}

interface WireEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly response?: WireResponse;
}

/** The counts of a random session, by kinds. */
export interface RandomSession {
  readonly frames: number;
  readonly turns: number;
}

/**
 * Runs a session whose agent answers at random: messages, answers to approvals, cancels. Every stream is read
 * as bytes, and checked: its numbers, its types, the packages' own decoders, and that the response which is
 * retrieved is the streamed one. Throws what does not fit.
 */
export async function runOpenAiSession(random: Random, typed: TypedFrames): Promise<RandomSession> {
  const agent = defineAgent({
    open: () => (): AsyncGenerator<AgentEvent, void> => answerAtRandom(random.fork(random.integer(0, 1e6))),
  });
  const store = memoryStore();
  const server = createServer({
    agent,
    store,
    dialects: [openAi()],
    gatherMs: random.pick([0, 5]),
    onError: () => {},
    onWarning: () => {},
  });
  let [frames, turns] = [0, 0];
  try {
    let previous: WireResponse | undefined;
    // A cancel that comes when the response waits already closes its approvals.
    let mayAnswer = true;
    for (let turn = random.integer(1, 4); turn > 0; turn -= 1) {
      const cancels = random.integer(0, 5) === 0;
      const body = { input: toInput(previous, random, mayAnswer), stream: true, ...toPrevious(previous) };
      const events = await readStream(server, body, cancels);
      for (const event of events) typed.add('event', event);
      await checkStream(events);
      frames += events.length;
      turns += 1;
      mayAnswer = !cancels;
      previous = events.findLast(({ response }) => response)?.response;
      const retrieved = await ask(server, `responses/${previous?.id}`);
      deepStrictEqual(await retrieved.json(), previous);
      if (previous?.status === 'failed') previous = undefined;
    }
    frames += await checkChat(server, typed);
  } finally {
    await server.close(0);
    await store.close();
  }
  return { frames, turns };
}

async function ask(server: Server, path: string, body?: object): Promise<Response> {
  const init = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  return server.fetch(new Request(`http://localhost/v1/${path}`, init));
}

function toPrevious(previous: WireResponse | undefined): object {
  return previous === undefined ? {} : { previous_response_id: previous.id };
}

/** Answers what the last response asked for, or says something. */
function toInput(previous: WireResponse | undefined, random: Random, mayAnswer: boolean): unknown {
  const asked = previous?.output.filter(({ type }) => type === 'mcp_approval_request') ?? [];
  if (!mayAnswer || previous?.status !== 'completed' || asked.length === 0 || random.integer(0, 2) === 0)
    return 'hi';
  return asked.map(({ id }) => ({
    type: 'mcp_approval_response',
    approval_request_id: id,
    approve: random.pick([true, false]),
  }));
}

async function readStream(server: Server, body: object, cancels: boolean): Promise<readonly WireEvent[]> {
  const response = await ask(server, 'responses', body);
  if (response.status !== 200 || response.body === null) throw new Error(await response.text());
  const events: WireEvent[] = [];
  for await (const { event, data } of parse(response.body)) {
    const read = JSON.parse(data) as WireEvent;
    if (event !== read.type) throw new Error(`The event ${event} has the data of ${read.type}.`);
    events.push(read);
    if (cancels && events.length === 3)
      await (
        await ask(server, `responses/${read.response?.id ?? events[0]?.response?.id}/cancel`, {})
      ).text();
  }
  return events;
}

const lastTypes = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** Checks the numbers of a stream and its end, and gives it to both versions of the package. */
async function checkStream(events: readonly WireEvent[]): Promise<void> {
  for (const [index, { sequence_number: number }] of events.entries())
    if (number !== index) throw new Error(`The event at ${index} has the number ${number}.`);
  const at = events.findIndex(({ type }) => lastTypes.has(type));
  const end = events.slice(at).map(({ type }) => type);
  deepStrictEqual(end, end[0] === 'response.failed' ? ['response.failed', 'error'] : [end[0]]);
  const response = events[at]?.response;
  // A failure is an error for the packages, after the last response.
  const body = events
    .slice(0, at + 1)
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
  const fetch = (): Promise<Response> =>
    Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  for (const Package of [OpenAI, OpenAi6 as unknown as typeof OpenAI]) {
    const client = new Package({ apiKey: 'x', fetch, maxRetries: 0 });
    const final = await client.responses.stream({ model: 'heddle', input: 'hi' }).finalResponse();
    deepStrictEqual([final.status, final.output.length], [response?.status, response?.output.length]);
  }
}

/** Sends a message to Chat Completions, streamed and whole. Returns how many frames came. */
async function checkChat(server: Server, typed: TypedFrames): Promise<number> {
  const body = { messages: [{ role: 'user', content: 'hi' }] };
  const options = { stream: true, stream_options: { include_usage: true } };
  const response = await ask(server, 'chat/completions', { ...body, ...options });
  if (response.body === null) throw new Error('There is no body.');
  let [frames, last] = [0, ''];
  for await (const { data } of parse(response.body)) {
    frames += 1;
    last = data;
    if (data === '[DONE]') continue;
    const value = JSON.parse(data) as { error?: unknown };
    if (value.error === undefined) typed.add('chunk', value);
  }
  if (last !== '[DONE]' && !last.startsWith('{"error":')) throw new Error(`The last chunk is ${last}.`);
  const whole = await ask(server, 'chat/completions', body);
  const value: unknown = await whole.json();
  if (whole.status === 200) typed.add('completion', value);
  else if (whole.status !== 500) throw new Error(`The status is ${whole.status}.`);
  return frames;
}
