import type { Stop } from '../log/index.ts';
import { tell } from '../turns/index.ts';
import type { OnError } from '../turns/index.ts';
import { isExpired } from './enter.ts';
import type { EnterOptions } from './enter.ts';
import type { OpenStream } from './stream.ts';

/** How often clocks are looked at, in milliseconds, and how many looks later revocations are asked for: within 5 s all in all. */
const tickMs = 1_000;
const ticksToAsk = 4;

export interface LifetimesOptions extends Pick<EnterOptions, 'isRevoked'> {
  readonly open: Iterable<OpenStream>;
  readonly onError?: OnError;
}

/** Ends the streams of principals who are no longer good. */
export function watchLifetimes({ open, isRevoked, onError }: LifetimesOptions): Stop {
  // By principal: a hundred streams of one login are one question, and one that is not answered yet is not asked again.
  const asked = new Map<string, Promise<boolean>>();
  const isOut = (stream: OpenStream): Promise<boolean> => {
    const { owner, credential } = stream.principal;
    const name = JSON.stringify([owner, credential]);
    const question =
      asked.get(name) ??
      Promise.resolve(isRevoked?.(stream.principal) ?? false).finally(() => asked.delete(name));
    asked.set(name, question);
    return question;
  };
  const endIfOut = async (stream: OpenStream): Promise<void> => {
    if (await isOut(stream)) stream.end('expired');
  };

  let ticks = 0;
  const timer = setInterval(() => {
    for (const stream of open) if (isExpired(stream.principal)) stream.end('expired');
    ticks += 1;
    if (isRevoked === undefined || ticks % ticksToAsk > 0) return;
    for (const stream of open) endIfOut(stream).catch((error: unknown) => tell(onError, error));
  }, tickMs);
  return () => clearInterval(timer);
}
