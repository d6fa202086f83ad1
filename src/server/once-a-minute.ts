/**
 * The most different sentences in a minute. Without this limit callers could flood the log, because a
 * sentence contains their texts.
 */
const most = 10;
const minuteMs = 60_000;

/** Passes on each sentence at most once a minute. */
export function onceAMinute(tell: (sentence: string) => void): (sentence: string) => void {
  const told = new Map<string, number>();
  return (sentence) => {
    const now = performance.now();
    for (const [each, at] of told) if (now - at >= minuteMs) told.delete(each);
    if (told.has(sentence) || told.size >= most) return;
    told.set(sentence, now);
    tell(sentence);
  };
}
