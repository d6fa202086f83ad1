import type { Server as HttpServer } from 'node:http';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { Store } from 'heddle/log';
import type { RedisStore } from 'heddle/redis';
import type { Server, ServerOptions } from 'heddle/server';
import { countBytes } from './count-bytes.ts';
import { showCounter } from './metric-source.ts';
import { listenForMetrics } from './listen.ts';
import type { Address, MetricsListener } from './listen.ts';
import { observeAnswers } from './observe-answers.ts';
import { observeStore } from './observe-store.ts';
import { showRedis } from './show-redis.ts';
import { showServer } from './show-server.ts';

/**
 * The metrics of one process, for Prometheus. Their labels are routes, codes and the like, never values that
 * a caller can choose.
 */
export interface Metrics {
  readonly hooks: Required<Pick<ServerOptions, 'onAnswer'>>;
  /** Returns the store with its appends counted and timed. */
  observe(store: Store | RedisStore): Store;
  /** Starts to answer `GET /metrics` for a server. */
  listen(server: Server, http: HttpServer): Promise<MetricsListener>;
}

/** Creates the metrics of this process, including Node's own. They are served at `address`. */
export function createMetrics(address: Address): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    hooks: observeAnswers(registry),
    observe(store) {
      if ('counts' in store) showRedis(registry, store);
      return observeStore(store, registry);
    },
    listen(server, http) {
      showServer(registry, server);
      showCounter(registry, {
        name: 'heddle_sent_bytes_total',
        help: 'Bytes written to the connections of readers and other callers.',
        read: countBytes(http),
      });
      return listenForMetrics(registry, address);
    },
  };
}
