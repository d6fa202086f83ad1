import type { Work } from './work.ts';
import { accept } from './works/accept.ts';
import { broadcast } from './works/broadcast.ts';
import { delay } from './works/delay.ts';
import { idle } from './works/idle.ts';
import { reconnect } from './works/reconnect.ts';
import { stalled } from './works/stalled.ts';
import { unicast } from './works/unicast.ts';

/** The workloads that are measured. */
export const works: readonly Work[] = [unicast, broadcast, idle, accept, reconnect, delay, stalled];
