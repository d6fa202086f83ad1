import { setTimeout as delay } from 'node:timers/promises';
import type { CellsFront } from './front.ts';
import type { Room } from './room.ts';

/** The effects of a third cell, which is added and removed again. */
export interface ThirdCell {
  /** Owners whose slots the third cell got. */
  readonly moved: number;
  /** Owners that get 404 for their session: those whose slots moved, and the others. */
  readonly lost: { readonly moved: number; readonly stayed: number };
  /** Owners that get 404 after the slots were given back. */
  readonly lostAfter: number;
}

/** For a moment after a reload, the old process of a proxy also takes connections. */
const reloadMs = 2_000;

/** Adds a third cell and removes it again, and reads the session of each owner each time. */
export async function tryThirdCell(
  front: CellsFront,
  ports: readonly [number, number],
  rooms: readonly Room[],
): Promise<ThirdCell> {
  await front.addCell(ports);
  await delay(reloadMs);
  const lost = await findLost(front.url, rooms);
  await front.removeCell();
  await delay(reloadMs);
  return {
    moved: rooms.filter(({ isMoved }) => isMoved).length,
    lost: {
      moved: lost.filter(({ isMoved }) => isMoved).length,
      stayed: lost.filter(({ isMoved }) => !isMoved).length,
    },
    lostAfter: (await findLost(front.url, rooms)).length,
  };
}

/** Returns the rooms whose owners get 404 for their session. */
async function findLost(url: string, rooms: readonly Room[]): Promise<readonly Room[]> {
  const lost: Room[] = [];
  for (const room of rooms) {
    const headers = { ...room.caller.headers, connection: 'close' };
    const response = await fetch(`${url}/session/${room.session}?messages=1`, { headers });
    await response.body?.cancel();
    if (response.status === 404) lost.push(room);
    else if (response.status !== 200) throw new Error(`A session was answered with ${response.status}.`);
  }
  return lost;
}
