import {
  chineseDeltas,
  cut,
  type Fixture,
  identifiedDeltas,
  largeEvents,
  namedDeltas,
  plainDeltas,
} from './fixtures.ts';

/** One row of the table: a stream, and how many times as fast as eventsource-parser the parser must be. */
export interface Scenario {
  readonly fixture: Fixture;
  readonly target: number | undefined;
  /** Whether the data of each event is also parsed as JSON. */
  readonly json: boolean;
}

/** Creates all rows. They need about 60 MB, so they are created on demand. */
export function createScenarios(): readonly Scenario[] {
  const row = (target: number | undefined, fixture: Fixture, json = false): Scenario => ({
    fixture,
    target,
    json,
  });
  return [
    row(1.5, cut('named deltas, one event a chunk', namedDeltas(4000), 'event')),
    row(1.5, cut('plain deltas, one event a chunk', plainDeltas(4000), 'event')),
    row(1.5, cut('deltas with ids, one event a chunk', identifiedDeltas(4000), 'event')),
    row(2, cut('named deltas, chunks of 16 bytes', namedDeltas(1000), 16)),
    row(2, cut('plain deltas, chunks of 16 bytes', plainDeltas(1000), 16)),
    row(2, cut('deltas with ids, chunks of 16 bytes', identifiedDeltas(1000), 16)),
    row(undefined, cut('named deltas, chunks of 1400 bytes', namedDeltas(8000), 1400)),
    row(1, cut('named deltas, chunks of 64 KiB', namedDeltas(8000), 65_536)),
    row(1, cut('plain deltas, chunks of 64 KiB', plainDeltas(8000), 65_536)),
    row(1, cut('deltas with ids, chunks of 64 KiB', identifiedDeltas(8000), 65_536)),
    row(1.2, cut('named deltas, one event a chunk, and JSON.parse', namedDeltas(4000), 'event'), true),
    row(1.2, cut('named deltas, chunks of 16 bytes, and JSON.parse', namedDeltas(1000), 16), true),
    row(1, cut('JSON of 10 KB, chunks of 64 KiB', largeEvents(10_000, 100), 65_536)),
    row(1, cut('JSON of 100 KB, chunks of 64 KiB', largeEvents(100_000, 10), 65_536)),
    row(1, cut('JSON of 1 MB, chunks of 64 KiB', largeEvents(1_000_000, 3), 65_536)),
    row(
      undefined,
      cut(
        'JSON of 1 MB in Chinese, chunks of 64 KiB',
        largeEvents(1_000_000, 3, '综线每隔一根提起一次,梭子从中间穿过'),
        65_536,
      ),
    ),
    row(1, cut('JSON of 10 KB, one event a chunk', largeEvents(10_000, 100), 'event')),
    row(1, cut('JSON of 1 MB, one event a chunk', largeEvents(1_000_000, 3), 'event')),
    row(1, cut('Chinese deltas, one event a chunk', chineseDeltas(4000), 'event')),
    row(1, cut('Chinese deltas, chunks of 64 KiB', chineseDeltas(8000), 65_536)),
  ];
}
