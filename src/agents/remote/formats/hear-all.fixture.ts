import { toStartLine } from '../../kit/index.ts';
import type { Heard } from '../heard.ts';
import type { Asked, Hearer } from '../remote-format.ts';

/** A turn with nothing before it. */
export function createAsked(facts: Partial<Asked['start']> = {}): Asked {
  const start = toStartLine({
    session: { session: 's', owner: 'ada' },
    turn: { turn: 't1', attempt: 1, input: { type: 'message', content: 'Hello' }, history: () => [] },
    thread: 's.t1',
  });
  return { start: { ...start, ...facts }, upstream: { url: 'http://a/', method: 'POST' } };
}

/** Returns everything that a listener hears in these data, and at the framed end. A pair has an event's name. */
export function hearAll(hearer: Hearer, data: readonly unknown[]): readonly Heard[] {
  const heard = data.flatMap((each) => {
    const [event, json] = Array.isArray(each) ? (each as [string, unknown]) : ['message', each];
    return hearer.hear({ event, json, text: JSON.stringify(json) });
  });
  return [...heard, ...hearer.end(true)];
}
