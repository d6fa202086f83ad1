import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** A number, or one number per value of a label. */
type Reading = number | Readonly<Record<string, number>>;

interface MetricSource {
  readonly name: string;
  readonly help: string;
  /** The label whose values are the keys of a record reading. */
  readonly label?: string;
  /** Called on each scrape. */
  readonly read: () => Reading;
}

/** Registers a counter whose value is read from elsewhere and only goes up. */
export function showCounter(registry: Registry, { read, ...shown }: MetricSource): void {
  const counter: Counter = new Counter({
    ...toConfiguration(registry, shown),
    collect: () => {
      counter.reset();
      for (const [labels, value] of toValues(shown, read())) counter.inc(labels, value);
    },
  });
}

/** Registers a gauge whose current value is read from elsewhere. */
export function showGauge(registry: Registry, { read, ...shown }: MetricSource): void {
  const gauge: Gauge = new Gauge({
    ...toConfiguration(registry, shown),
    collect: () => {
      gauge.reset();
      for (const [labels, value] of toValues(shown, read())) gauge.set(labels, value);
    },
  });
}

function toConfiguration(registry: Registry, { name, help, label }: Omit<MetricSource, 'read'>) {
  return { name, help, registers: [registry], labelNames: label === undefined ? [] : [label] };
}

function toValues(
  { label = '' }: Omit<MetricSource, 'read'>,
  reading: Reading,
): readonly (readonly [Readonly<Record<string, string>>, number])[] {
  if (typeof reading === 'number') return [[{}, reading]];
  return Object.entries(reading).map(([value, count]) => [{ [label]: value }, count]);
}
