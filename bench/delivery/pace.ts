import type { SpokenLoad } from './speech.ts';

/**
 * Calls `say` for each burst when it is due. Within a period the streams follow each other at equal
 * distances. A late caller sends everything that is due at once. Resolves after the last burst.
 */
export function pace(
  { streams, count, perSecond, burst }: SpokenLoad,
  say: (stream: number) => void,
): Promise<void> {
  const total = (count / burst) * streams;
  const perMs = ((perSecond / burst) * streams) / 1000;
  const begun = performance.now();
  let said = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor((performance.now() - begun) * perMs));
      for (; said < due; said += 1) say(said % streams);
      if (said < total) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
}
