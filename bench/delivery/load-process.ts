import { isRecord } from '../../src/protocol/internal.ts';

// The load generator: a process with raw sockets that count the events they receive.
import { answerLines } from './answer-lines.ts';
import { createCrowd } from './crowd.ts';
import { visit } from './visit.ts';
import type { VisitTarget } from './visit.ts';

const crowd = createCrowd();

await answerLines({}, async (message) => {
  const { type, port, paths, targets, times, count, stalled } = message;
  switch (type) {
    case 'connect':
      return crowd.connect(Number(port), Array.isArray(paths) ? paths.map(String) : []);
    case 'stall':
      return crowd.stall(Number(count));
    case 'expect':
      return crowd.expect(Number(count), stalled === 'too');
    case 'beats':
      return { beats: crowd.beats };
    case 'visit':
      return { visits: await visit(Number(port), toTargets(targets), Number(times)) };
    default:
      throw new TypeError(`The load generator knows no ${String(type)}.`);
  }
});

function toTargets(targets: unknown): readonly VisitTarget[] {
  if (!Array.isArray(targets)) return [];
  return targets.filter(isRecord).map(({ path, after }) => ({
    path: String(path),
    after: typeof after === 'string' ? after : undefined,
  }));
}
