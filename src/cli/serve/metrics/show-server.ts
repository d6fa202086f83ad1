import type { Registry } from 'prom-client';
import type { Server } from 'heddle/server';
import { showCounter, showGauge } from './metric-source.ts';

/** A dialect without streams is reported as zero. */
const noStreams = { typed: 0, named: 0, tagged: 0 };

/** Registers the counts of a server. */
export function showServer(registry: Registry, { counts }: Server): void {
  showGauge(registry, {
    name: 'heddle_streams_open',
    help: 'Open streams by dialect; tagged: the sessions of those that carry several.',
    label: 'dialect',
    read: () => ({ ...noStreams, ...counts().streams }),
  });
  showGauge(registry, {
    name: 'heddle_channels_open',
    help: 'Sessions and exchanges that are read here, once for each dialect.',
    read: () => counts().channels,
  });
  showGauge(registry, {
    name: 'heddle_sessions_at_work',
    help: 'Sessions in which this node runs a turn, or delivers notices of webhooks.',
    read: () => counts().sessions,
  });
  showCounter(registry, {
    name: 'heddle_turns_taken_over_total',
    help: 'Turns of a node that died or lost its lease which this node began again or ended.',
    read: () => counts().takenOver,
  });
  showCounter(registry, {
    name: 'heddle_keepalives_total',
    help: 'Keepalives sent down silent streams.',
    read: () => counts().keepalives,
  });
  showCounter(registry, {
    name: 'heddle_slow_readers_cut_total',
    help: 'Streams that were cut because their reader did not take what it was sent.',
    read: () => counts().slowReaders,
  });
  showCounter(registry, {
    name: 'heddle_notices_delivered_total',
    help: 'Notices that receivers of webhooks took.',
    read: () => counts().noticesDelivered,
  });
  showCounter(registry, {
    name: 'heddle_notices_given_up_total',
    help: 'Notices of webhooks that were refused, or tried too often.',
    read: () => counts().noticesGivenUp,
  });
}
