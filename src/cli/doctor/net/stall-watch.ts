/** Knows when this process could not read, because it or its machine was busy. */
export interface StallWatch {
  /** For how long before now the process may have left arrived bytes unread, in milliseconds. */
  stallMs(): number;
  /** How long the process could not read since the watch was started, in milliseconds. */
  busyMs(): number;
  stop(): void;
}

const tickMs = 5;
/** After a stall it takes a while until all that has waited is read. */
const afterMs = 60;

/** The ticks of all watches. One timer serves them. */
const ticks = {
  users: 0,
  lastAt: 0,
  /** The last stalls: when they ended, and how long they were. */
  stalls: [] as { readonly at: number; readonly ms: number }[],
  /** The sum of all stalls. */
  busyMs: 0,
  timer: undefined as NodeJS.Timeout | undefined,
};

function tick(): void {
  const now = performance.now();
  const ms = now - ticks.lastAt - tickMs;
  if (ms > tickMs) ticks.stalls = [...ticks.stalls.filter(({ at }) => at > now - afterMs), { at: now, ms }];
  if (ms > tickMs) ticks.busyMs += ms;
  ticks.lastAt = now;
}

/** Starts a watch. */
export function watchStalls(): StallWatch {
  if (ticks.users === 0) {
    Object.assign(ticks, { lastAt: performance.now(), stalls: [] });
    ticks.timer = setInterval(tick, tickMs);
  }
  ticks.users += 1;
  const before = ticks.busyMs;
  return {
    stallMs: () => {
      const now = performance.now();
      const recent = ticks.stalls.flatMap(({ at, ms }) => (at > now - afterMs ? [ms] : []));
      return Math.max(0, now - ticks.lastAt - tickMs, ...recent);
    },
    busyMs: () => ticks.busyMs - before,
    stop: () => {
      ticks.users -= 1;
      if (ticks.users === 0) clearInterval(ticks.timer);
    },
  };
}
