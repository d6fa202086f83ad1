import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { headers as names } from '../../../src/protocol/index.ts';
import { isRecord } from '../../../src/protocol/internal.ts';
import { check, createHistory } from '../../../src/testing/index.ts';
import type { HistoryRecorder, Random } from '../../../src/testing/index.ts';
import type { ServerChild } from '../server-child.ts';
import { fetchQuietLog } from '../http-client.ts';
import type { Script } from '../scripted-agent.ts';

/** The requests that race: they reach several nodes at one moment, with one key. */
type Kind = 'a session' | 'one message' | 'two messages' | 'a message and a cancel';

export interface RaceOptions {
  /** Two or more nodes over one store. */
  readonly nodes: readonly ServerChild[];
  readonly random: Random;
  /** The number of races. The first one creates the session of the others. */
  readonly races: number;
  /**
   * Whether racing requests share an idempotency key. Without one, each request is a message of its own.
   * @default true
   */
  readonly keyed?: boolean;
}

export interface RaceRound {
  readonly failures: readonly string[];
  readonly kinds: readonly Kind[];
  readonly requests: number;
  /** For each race: the index of the node that answered first. */
  readonly first: readonly number[];
  /** Requests that were refused because their key belongs to the other message. */
  readonly refused: number;
  readonly entries: number;
  readonly turns: number;
  readonly cancelled: number;
}

interface Answer {
  readonly node: number;
  readonly status: number;
  readonly body: unknown;
}

/** Races requests in one session, which a first race creates. Checks the responses and the log. */
export async function raceRound({ nodes, random, races, keyed = true }: RaceOptions): Promise<RaceRound> {
  const history = createHistory();
  const failures: string[] = [];
  const kinds: Kind[] = ['a session'];
  const first: number[] = [];
  let [requests, refused, messages] = [0, 0, 0];

  /** Sends a request to two or more of the nodes within two milliseconds. */
  const race = async (ask: (node: number, place: number) => Promise<Answer>): Promise<readonly Answer[]> => {
    const start = random.integer(0, nodes.length - 1);
    const places = Array.from({ length: random.integer(2, nodes.length) }, (_, place) => place);
    const answers: Answer[] = [];
    await Promise.all(
      places.map(async (place) => {
        await delay(random.integer(0, 2));
        answers.push(await ask((start + place) % nodes.length, place));
      }),
    );
    requests += places.length;
    first.push(answers[0]?.node ?? NaN);
    return answers;
  };
  const request = async (node: number, path: string, body: unknown, key?: string): Promise<Answer> => {
    const response = await fetch(`${nodes[node]?.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key !== undefined && { [names.idempotencyKey]: key }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return { node, status: response.status, body: await response.json() };
  };

  const created = await race((node) =>
    request(node, '/session', {}, keyed ? `session-${random.seed}` : undefined),
  );
  if (!areEqual(created, 201)) failures.push(`A session was answered with ${JSON.stringify(created)}.`);
  const session = toField(created[0]?.body, 'session_id');

  for (let count = 1; count < races; count += 1) {
    const kind = random.pick([
      'one message',
      'one message',
      'two messages',
      'a message and a cancel',
    ] as const);
    kinds.push(kind);
    const key = keyed ? `race-${count}` : undefined;
    // Before the turn begins, in the middle of it, or after its end.
    const cancelMs = random.integer(0, 20);
    const answers = await race(async (node, place) => {
      if (kind === 'a message and a cancel' && place === 1) {
        await delay(cancelMs);
        return request(node, `/cancel/${session}`, {});
      }
      const content = toContent(count, kind === 'two messages' ? place % 2 : 0);
      const post = history.post({
        session,
        principal: 'anonymous',
        content,
        ...(key !== undefined && { key }),
      });
      const answer = await request(node, `/message/${session}`, { content }, key);
      settle(post, answer);
      return answer;
    });
    const taken = answers.filter(({ body }) => toField(body, 'turn_id') !== '');
    messages += keyed ? 1 : taken.length;
    const others = answers.filter((answer) => !taken.includes(answer));
    refused += others.filter(({ status }) => status === 422).length;
    const isOtherRight =
      kind === 'one message'
        ? others.length === 0
        : kind === 'two messages'
          ? others.every(({ body }) => toField(body, 'code') === 'key_reused')
          : others.every(({ status }) => status === 202);
    if (taken.length === 0 || !areEqual(taken, 202) || !isOtherRight)
      failures.push(`Race ${count}, ${kind}: ${JSON.stringify(answers)}.`);
  }

  const log = await fetchQuietLog(() => nodes[0]?.url ?? '', session, messages, 60_000);
  history.log(log);
  for (const { rule, message } of check(history.toHistory())) failures.push(`${rule} ${message}`);
  const events = log.entries.map(({ event }) => event);
  const ends = events.filter((event) => event.type === 'message_end');
  const found = events.filter(({ type }) => type === 'message').length;
  if (found !== messages) failures.push(`${messages} messages were asked for, and ${found} are in the log.`);
  if (events.filter(({ type }) => type === 'session_start').length !== 1)
    failures.push('The session does not begin once.');
  return {
    failures,
    kinds,
    requests,
    first,
    refused,
    entries: events.length,
    turns: ends.length,
    cancelled: ends.filter(({ outcome }) => outcome === 'cancelled').length,
  };
}

/** The text depends on the race and the variant only, so all racing requests send the same. */
function toContent(race: number, variant: number): string {
  const script: Script = { words: race % 4, tool: race % 5 === 0, end: 'well', name: `${race} ${variant}` };
  return JSON.stringify(script);
}

function settle(post: ReturnType<HistoryRecorder['post']>, { status, body }: Answer): void {
  if (status === 202)
    post.settle({
      type: 'answered',
      message: toField(body, 'message_id'),
      turn: toField(body, 'turn_id'),
      id: toField(body, 'id'),
    });
  else post.settle({ type: 'refused', code: toField(body, 'code') });
}

function areEqual(answers: readonly Answer[], status: number): boolean {
  return answers.every(
    (answer) => answer.status === status && isDeepStrictEqual(answer.body, answers[0]?.body),
  );
}

function toField(body: unknown, name: string): string {
  return isRecord(body) && typeof body[name] === 'string' ? body[name] : '';
}
