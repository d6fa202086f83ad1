import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { followPlainly } from '../../../src/testing/index.ts';
import type { HistoryRecorder, Random, ReaderRecorder } from '../../../src/testing/index.ts';
import { postSession, send } from '../http-client.ts';
import type { HttpCaller } from '../http-client.ts';
import { movedSlots } from './files.ts';

/** The secret of the tokens of all owners. */
export const tokenSecret = 'a secret of the tests of cells, of 32 bytes or more';

/** The cells of the shipped table. */
export type CellName = 'one' | 'two';

/** The session of one owner, in the owner's cell. */
export interface Room {
  readonly cell: CellName;
  /** Whether a third cell gets the owner's slot. */
  readonly isMoved: boolean;
  readonly caller: HttpCaller;
  readonly session: string;
  /** Turns whose end a reader has seen. */
  readonly ended: Set<string>;
}

/** A word that arrived at a reader. */
export interface WordArrival {
  readonly cell: CellName;
  readonly atMs: number;
  /** The time since the agent said it. */
  readonly lateMs: number;
  /** The time since the word before it in the same turn at the same reader, if there was one. */
  readonly gapMs?: number;
}

/** Creates an owner and its session. */
export async function openRoom(url: string, owner: string): Promise<Room> {
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(owner)
    .setIssuer('i')
    .setAudience('a')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(tokenSecret));
  const caller = { owner, headers: { authorization: `Bearer ${token}` } };
  const slot = createHash('sha256').update(owner).digest('hex');
  return {
    cell: /^[0-7]/.test(slot) ? 'one' : 'two',
    isMoved: movedSlots.test(slot),
    caller,
    session: await postSession(url, caller),
    ended: new Set(),
  };
}

export interface RoomFollow {
  readonly url: string;
  readonly history: HistoryRecorder;
  readonly reader: string;
  readonly signal: AbortSignal;
  readonly onArrival: (arrival: WordArrival) => void;
  /** Called with each response after the first event. */
  readonly onReturn: () => void;
}

/** A reader of a room. */
export interface RoomReader {
  readonly room: Room;
  readonly recorder: ReaderRecorder;
  /** Resolves with the first event. */
  readonly opened: Promise<void>;
}

/** Follows the session of a room as an EventSource does, until the signal aborts. */
export function followRoom(room: Room, options: RoomFollow): RoomReader {
  const { url, history, reader, signal, onArrival, onReturn } = options;
  const recorder = history.reader({ reader, session: room.session, principal: room.caller.owner });
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  let last: { turn: string; atMs: number } | undefined;
  const note = (turn: string, said: string): void => {
    const [atMs, before] = [Date.now(), last];
    last = { turn, atMs };
    const lateMs = atMs - Number(/@(\d+)/.exec(said)?.[1]);
    const gap = before?.turn === turn && { gapMs: atMs - before.atMs };
    onArrival({ cell: room.cell, atMs, lateMs, ...gap });
  };
  let isOpen = false;
  void followPlainly({
    url: `${url}/stream/${room.session}`,
    headers: { ...room.caller.headers, accept: 'text/event-stream' },
    reader: recorder,
    signal,
    readTimeoutMs: 40_000,
    // As long as the server's `retry` asks.
    pauseMs: (retryMs = 3_000) => retryMs,
    onConnect: () => {
      if (isOpen) onReturn();
    },
    onReceived: ({ event }) => {
      isOpen = true;
      open();
      if (event.type === 'content' && 'data' in event) note(event.turn, event.data);
      if (event.type === 'message_end' && 'turn' in event) room.ended.add(event.turn);
    },
  });
  return { room, recorder, opened };
}

/**
 * Sends messages one after another until the signal aborts. Each waits for the end of the turn before it.
 * Resolves with the number of messages.
 */
export async function talkIn(
  room: Room,
  options: { url: string; history: HistoryRecorder; random: Random; signal: AbortSignal },
): Promise<number> {
  const { url, history, random, signal } = options;
  const { session, caller, ended } = room;
  let sent = 0;
  for (; !signal.aborted; sent += 1) {
    const content = JSON.stringify({ words: random.integer(3, 20), end: 'well', name: String(sent) });
    const request = { history, url: () => url, session, key: `key-${sent}`, content, caller };
    const turn = await send({ ...request, pauseMs: 500, timeoutMs: 5_000 });
    if (turn === undefined) throw new Error(`A message to session ${session} was not taken.`);
    while (!ended.has(turn) && !signal.aborted) await delay(50);
  }
  return sent;
}
