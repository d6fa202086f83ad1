import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Outcome, SessionEvent } from 'heddle';
import type { EventLog, Store } from 'heddle/log';

const outcomes: readonly Outcome[] = ['completed', 'cancelled', 'failed', 'waiting'];

/** Returns the store with its appends counted and timed. It works with any store. */
export function observeStore<Kind extends Store>(store: Kind, registry: Registry): Kind {
  const registers = [registry];
  const entries = new Counter({
    name: 'heddle_entries_appended_total',
    help: 'Entries that this node wrote into logs.',
    registers,
  });
  const messages = new Counter({
    name: 'heddle_messages_total',
    help: 'Messages that this node took.',
    registers,
  });
  const turns = new Counter({
    name: 'heddle_turns_total',
    help: 'Turns that ended on this node, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'heddle_append_seconds',
    help: 'Until an append was durable or refused; those that failed are counted too.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  // A counter that appears only with the first failure has no rate at that moment.
  for (const outcome of outcomes) turns.inc({ outcome }, 0);

  const count = (event: SessionEvent, isFirst: boolean): void => {
    if (event.type === 'message' && !event.past) messages.inc();
    // The first append of a session may have turns of a past, and no node ran them.
    else if (event.type === 'message_end' && !isFirst) turns.inc({ outcome: event.outcome });
  };
  const append: EventLog['append'] = async (session, events, options) => {
    const asked = performance.now();
    try {
      const result = await store.log.append(session, events, options);
      if (result.type === 'appended') {
        entries.inc(events.length);
        for (const event of events) count(event, options?.head?.was === 0);
      }
      return result;
    } finally {
      seconds.observe((performance.now() - asked) / 1_000);
    }
  };
  return { ...store, log: { ...store.log, append } };
}
