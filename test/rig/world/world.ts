import { setImmediate as tick } from 'node:timers/promises';
import type { Store } from '../../../src/log/index.ts';
import { headers } from '../../../src/protocol/index.ts';
import { isRecord, mint } from '../../../src/protocol/internal.ts';
import { createServer } from '../../../src/server/index.ts';
import type { Server } from '../../../src/server/index.ts';
import { createHistory, followPlainly } from '../../../src/testing/index.ts';
import { cutWith } from '../cut-with.ts';
import { becomeQuiet } from '../become-quiet.ts';
import { createMortalStore } from '../mortal-store.ts';
import type { MortalStore } from '../mortal-store.ts';
import { judge } from './judge-world.ts';
import type { WorldFollower, WorldVerdict } from './judge-world.ts';
import type { Agent } from '../../../src/protocol/index.ts';
import { createScriptedAgent } from '../scripted-agent.ts';
import type { Script, ScriptedAgentOptions } from '../scripted-agent.ts';

/** `open` returns the store as one process sees it. `end` frees what all processes share. */
export interface WorldContext {
  open(now: () => number): Promise<Store>;
  end(): Promise<void>;
}

/** Creates the agent of one process. It does the work of the script in each message. */
export type WorldAgent = (options: ScriptedAgentOptions) => Agent;

/** Two processes over one store, two sessions of two people, and their readers. */
export interface World {
  post(options: PostOptions): void;
  /** Sends an earlier message again, with its key. */
  postAgain(nth: number, node: number): void;
  withdraw(session: number, nth: number): void;
  cancel(session: number, which: 'any' | 'stale' | 'last'): void;
  /** Answers an open approval of the session, or else one that the nth last turn may have requested. */
  answer(session: number, nth: number): void;
  connect(session: number, place: number): void;
  disconnect(nth: number): void;
  /** Cuts all connections of a process. */
  cut(node: number): void;
  restart(node: number): Promise<void>;
  crash(node: number): Promise<void>;
  freeze(node: number): void;
  thaw(node: number): void;
  fail(node: number, calls: number, when: 'before' | 'after'): void;
  step(ms: number): void;
  pause(ticks: number): Promise<void>;
  /** Thaws the processes, waits until all turns have ended, checks the history, and stops everything. */
  finish(): Promise<WorldVerdict>;
}

export interface PostOptions {
  readonly session: number;
  readonly node: number;
  readonly key: string;
  readonly script: Script;
  readonly onBusy: 'queue' | 'reject' | 'interrupt' | 'supersede';
  /** For `supersede`. @default the last message of the session that was accepted */
  readonly seen?: string | undefined;
}

interface Node {
  readonly server: Server;
  readonly mortal: MortalStore;
  readonly base: Store;
  readonly dead: AbortController;
  /** Replaced when its connections are cut. */
  wire: AbortController;
}

/** Creates the world, with both processes running and its sessions created. */
export async function createWorld(
  shared: WorldContext,
  createAgent: WorldAgent = createScriptedAgent,
): Promise<World> {
  const clock = { offset: 0, highest: 0 };
  const now = (): number => Date.now() + clock.offset;
  const history = createHistory();
  const effects = new Map<string, number>();
  const pending = new Set<Promise<unknown>>();
  const followers: WorldFollower[] = [];
  const sent: string[][] = [[], []];
  const turns: string[][] = [[], []];
  const people = ['ann', 'bob'];

  const track = (work: Promise<unknown>): void => {
    const tracked = work.catch(() => {}).finally(() => pending.delete(tracked));
    pending.add(tracked);
  };

  const startNode = async (): Promise<Node> => {
    const base = await shared.open(now);
    const mortal = createMortalStore(base);
    const dead = new AbortController();
    const agent = createAgent({
      pause: async () => {
        await tick();
      },
      effect: ({ turn }) => {
        if (!dead.signal.aborted) effects.set(turn, (effects.get(turn) ?? 0) + 1);
      },
    });
    const server = createServer({
      store: mortal.store,
      agent,
      gatherMs: 0,
      dueMs: 5,
      cancelMs: 50,
      retention: { entries: 60 },
      onError: () => {},
      authenticate: (request) => request.header('x-person'),
    });
    return { server, mortal, base, dead, wire: new AbortController() };
  };
  const stopNode = async ({ server, base, wire }: Node): Promise<void> => {
    wire.abort();
    await server.close(0);
    await base.close();
  };

  const nodes = [await startNode(), await startNode()];
  const nodeAt = (index: number): Node => {
    const node = nodes[index % nodes.length];
    if (node === undefined) throw new RangeError('There is no such node.');
    return node;
  };
  /**
   * Sends a request to a process. Rejects if the process died or its connections were cut before the
   * response.
   */
  const ask = async (node: Node, path: string, init: RequestInit, person: string): Promise<Response> => {
    const { wire } = node;
    const request = new Request(`http://localhost${path}`, {
      ...init,
      headers: { ...init.headers, 'content-type': 'application/json', 'x-person': person },
    });
    const response = await node.server.fetch(request);
    return alive(response, wire.signal);
  };
  const create = async (index: number): Promise<string> => {
    const response = await ask(nodeAt(0), '/session', { method: 'POST' }, people[index] ?? '');
    return field(await response.json(), 'session_id');
  };
  const sessions = [await create(0), await create(1)];
  const personOf = (index: number): string => people[index % 2] ?? '';
  const sessionOf = (index: number): string => sessions[index % 2] ?? '';

  const connect = (session: number, after: string | undefined): void => {
    const leave = new AbortController();
    const name = `reader ${followers.length + 1}`;
    const recorder = history.reader({
      reader: name,
      session: sessionOf(session),
      principal: personOf(session),
      ...(after !== undefined && { after }),
    });
    let count = followers.length;
    const done = followPlainly({
      url: `http://localhost/stream/${sessionOf(session)}`,
      reader: recorder,
      signal: leave.signal,
      headers: { 'x-person': personOf(session) },
      pauseMs: () => 1,
      fetch: async (request) => {
        // Each connection goes to another process. The log is the same.
        const node = nodeAt((count += 1));
        const { wire } = node;
        return alive(await node.server.fetch(request), wire.signal);
      },
    });
    followers.push({ recorder, leave, session, done });
  };
  connect(0, undefined);
  connect(1, undefined);

  const replace = async (index: number, kill: boolean): Promise<void> => {
    const old = nodeAt(index);
    old.mortal.thaw();
    if (kill) {
      old.dead.abort();
      old.mortal.kill();
    }
    await stopNode(old);
    nodes[index % nodes.length] = await startNode();
  };

  const posted: PostOptions[] = [];
  const world: World = {
    postAgain: (nth, node) => {
      const earlier = posted[posted.length - 1 - (nth % Math.max(posted.length, 1))];
      if (earlier) world.post({ ...earlier, node });
    },
    post: (options) => {
      const { session, node, key, script, onBusy } = options;
      const last = onBusy === 'supersede' ? sent[session % 2]?.at(-1) : undefined;
      const seen = 'seen' in options ? options.seen : last;
      // A repeated post has the same body.
      posted.push({ ...options, seen });
      const content = JSON.stringify(script);
      const post = history.post({
        session: sessionOf(session),
        principal: personOf(session),
        key,
        content,
      });
      track(
        (async () => {
          const response = await ask(
            nodeAt(node),
            `/message/${sessionOf(session)}`,
            {
              method: 'POST',
              headers: { [headers.idempotencyKey]: key },
              body: JSON.stringify({ content, on_busy: onBusy, seen }),
            },
            personOf(session),
          );
          const body: unknown = await response.json();
          if (response.status >= 500) return;
          if (response.status !== 202) {
            post.settle({ type: 'refused', code: field(body, 'code') });
            return;
          }
          const [message, turn] = [field(body, 'message_id'), field(body, 'turn_id')];
          post.settle({ type: 'answered', message, turn, id: field(body, 'id') });
          sent[session % 2]?.push(message);
          turns[session % 2]?.push(turn);
        })(),
      );
    },
    withdraw: (session, nth) => {
      const message = sent[session % 2]?.at(-1 - nth) ?? mint(16);
      const body = JSON.stringify({ message_id: message });
      track(ask(nodeAt(nth), `/withdraw/${sessionOf(session)}`, { method: 'POST', body }, personOf(session)));
    },
    cancel: (session, which) => {
      const turn = which === 'stale' ? turns[session % 2]?.[0] : turns[session % 2]?.at(-1);
      const body = JSON.stringify(which === 'any' ? {} : { turn_id: turn });
      track(
        ask(nodeAt(session), `/cancel/${sessionOf(session)}`, { method: 'POST', body }, personOf(session)),
      );
    },
    answer: (session, nth) => {
      const turn = turns[session % 2]?.at(-1 - nth) ?? '';
      const [id, person] = [sessionOf(session), personOf(session)];
      track(
        (async () => {
          const state: unknown = await (await ask(nodeAt(nth), `/session/${id}`, {}, person)).json();
          const open = isRecord(state) && Array.isArray(state['approvals']) ? state['approvals'] : [];
          const approval = open.length > 0 ? field(open[nth % open.length], 'approval') : `of-${turn}`;
          const body = JSON.stringify({ approval_id: approval, decision: nth !== 3 });
          await ask(nodeAt(nth), `/answer/${id}`, { method: 'POST', body }, person);
        })(),
      );
    },
    connect: (session, place) => {
      const of = followers.filter((follower) => follower.session % 2 === session % 2);
      const ids = history
        .toHistory()
        .readers.filter(({ session: id }) => id === sessionOf(session))
        .flatMap(({ connections }) => connections.flatMap(({ received }) => received.map(({ id }) => id)))
        .filter((id) => id !== undefined);
      // One session has at most six readers, because more would show nothing new.
      if (of.length < 6) connect(session, ids.length === 0 ? undefined : ids[place % (ids.length + 1)]);
    },
    disconnect: (nth) => {
      const follower = followers[nth % followers.length];
      follower?.recorder.leave();
      follower?.leave.abort();
    },
    cut: (index) => {
      const node = nodeAt(index);
      node.wire.abort();
      node.wire = new AbortController();
    },
    restart: (index) => replace(index, false),
    crash: (index) => replace(index, true),
    freeze: (index) => nodeAt(index).mortal.freeze(),
    thaw: (index) => nodeAt(index).mortal.thaw(),
    fail: (index, calls, when) => nodeAt(index).mortal.fail(calls, when),
    step: (ms) => {
      clock.offset += ms;
      clock.highest = Math.max(clock.highest, clock.offset);
    },
    pause: async (ticks) => {
      for (let count = 0; count < ticks; count += 1) await tick();
    },
    finish: async () => {
      try {
        for (const { mortal } of nodes) mortal.thaw();
        await Promise.all(pending);
        const reference = nodeAt(0).base;
        for (const index of [0, 1])
          await becomeQuiet(world.cancel, reference, sessionOf(index), index, clock);
        await Promise.all(pending);
        return await judge(history, reference, sessions, followers, effects);
      } finally {
        for (const { leave } of followers) leave.abort();
        await Promise.all(followers.map(({ done }) => done));
        for (const node of nodes) await stopNode(node);
        await shared.end();
      }
    },
  };
  return world;
}

/** Drops a response that a process sends after its death. */
async function alive(response: Response, wire: AbortSignal): Promise<Response> {
  if (!wire.aborted) return cutWith(response, wire);
  await response.body?.cancel();
  throw new Error('The process is gone.');
}

function field(body: unknown, name: string): string {
  return isRecord(body) ? String(body[name]) : '';
}
