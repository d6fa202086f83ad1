import { expect, test } from 'vitest';
import { encoders } from './encoders.ts';
import { iterated, pushed } from './parsers.ts';
import { createScenarios } from './scenarios.ts';
import { parseBySpec } from '../../src/wire/spec-parser.fixture.ts';

// These tests check that the benchmark measures the work that it names.
for (const { fixture } of createScenarios()) {
  test(`the bench stream "${fixture.name}" has the events that it declares, and every parser reads them`, async () => {
    const { frames } = parseBySpec(new Uint8Array(Buffer.concat(fixture.chunks)));
    const said = { events: fixture.events, dataLength: fixture.dataLength };
    expect({
      events: frames.length,
      dataLength: frames.reduce((sum, { data }) => sum + data.length, 0),
    }).toEqual(said);
    for (const [name, read] of Object.entries({ ...pushed, ...iterated })) {
      let events = 0;
      let dataLength = 0;
      await read(fixture.chunks, (data) => {
        events++;
        dataLength += data.length;
      });
      expect({ events, dataLength }, name).toEqual(said);
    }
  });
}

test('every encoder of the bench writes the same event', () => {
  const frame = { event: 'content', id: '7-k3x9qz', data: '{"a":1}' };
  for (const [name, encode] of Object.entries(encoders)) {
    const { frames } = parseBySpec(new TextEncoder().encode(encode(frame)));
    expect(frames, name).toEqual([frame]);
  }
});
