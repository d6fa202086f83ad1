import type { Registry } from 'prom-client';
import type { RedisStore } from 'heddle/redis';
import { showCounter, showGauge } from './metric-source.ts';

/** Registers the counts of a Redis store. */
export function showRedis(registry: Registry, { counts }: RedisStore): void {
  showGauge(registry, {
    name: 'heddle_redis_up',
    help: '1 while Redis can be asked, 0 while requests are refused because it is away.',
    read: () => Number(counts().isUp),
  });
  showCounter(registry, {
    name: 'heddle_redis_commands_total',
    help: 'Commands and scripts that this node sent, by name.',
    label: 'command',
    read: () => Object.fromEntries(counts().sent),
  });
  showCounter(registry, {
    name: 'heddle_redis_reconnections_total',
    help: 'How often a connection to Redis was made anew.',
    read: () => counts().reconnections,
  });
  showCounter(registry, {
    name: 'heddle_redis_hints_total',
    help: 'Hints heard of sessions that are read here.',
    read: () => counts().hints,
  });
  showCounter(registry, {
    name: 'heddle_redis_found_late_total',
    help: 'Appends found by a look at the log, and not by their hint.',
    read: () => counts().foundLate,
  });
}
