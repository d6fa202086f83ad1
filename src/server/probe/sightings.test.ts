import { expect, test } from 'vitest';
import { createSightings } from './sightings.ts';

test('a probe is forgotten two minutes after its last request, unless a stream of it is open', () => {
  let now = 1_000;
  const sightings = createSightings(() => now);
  sightings.ask('old', 'GET');
  const over = sightings.open('open');
  now += 119_000;
  sightings.ask('new', 'POST');
  expect(sightings.find('old')?.asked).toEqual({ GET: 1, POST: 0 });
  now += 2_000;
  sightings.ask('newer', 'GET');
  expect(sightings.find('old')).toBeUndefined();
  expect(sightings.find('open')?.open).toBe(1);
  over('left');
  over('over');
  expect(sightings.find('open')).toMatchObject({ open: 0, leftAt: 122_000 });
});

test('no more than four thousand probes are remembered', () => {
  const sightings = createSightings();
  for (let index = 0; index < 4_001; index += 1) sightings.ask(`p${index}`, 'GET');
  expect(sightings.find('p0')).toBeUndefined();
  expect(sightings.find('p1')).toBeDefined();
});

test('no more than 32 bodies are read at a time', async () => {
  const sightings = createSightings();
  const { promise, resolve } = Promise.withResolvers<number>();
  const reading = Array.from({ length: 32 }, () => sightings.read(() => promise));
  await expect(sightings.read(async () => 1)).rejects.toThrow('Too many probes');
  resolve(2);
  expect(await Promise.all(reading)).toEqual(reading.map(() => 2));
  expect(await sightings.read(async () => 3)).toBe(3);
});
