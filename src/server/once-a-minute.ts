/** So many different things are told in a minute: what is told has in it what callers send. */
const most = 10;
const minuteMs = 60_000;

/** Passes each sentence on once a minute, however often it is said. */
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
