// F10: `npm run proof:rolling -- [--streams 1000] [--seed 1] [--write]`.
// Restarts each of three nodes over one Redis under open streams, and checks the history.
import { parseArgs } from 'node:util';
import { createRandom } from '../src/testing/index.ts';
import { report } from './report.ts';
import { roll } from '../test/rig/rounds/roll.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '1000' },
    sessions: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    write: { type: 'boolean', default: false },
  },
});
const [streams, sessions] = [Number(values.streams), Number(values.sessions)];
const withinMs = 35_000;

const { history, violations, ends, returns } = await roll({
  streams,
  sessions,
  nodes: 3,
  paceMs: 400,
  restMs: 5_000,
  random: createRandom(Number(values.seed)),
});

const failures = violations.map(({ rule, message }) => `${rule} ${message}`);
for (const [index, { code, ms }] of ends.entries()) {
  if (code !== 0) failures.push(`Node ${index + 1} exited with ${code}.`);
  if (ms > withinMs) failures.push(`Node ${index + 1} took ${Math.round(ms)} ms to leave.`);
}
const events = history.logs.flatMap(({ entries }) => entries.map(({ event }) => event));
const posts = Map.groupBy(history.posts, ({ fate }) => fate.type);
const back = returns.filter(({ status }) => status === 200).map(({ atMs }) => atMs);
// The busiest second begins with one of the returns.
const busiest = Math.max(0, ...back.map((from, index) => countUntil(from + 1_000) - index));

report({
  name: 'rolling',
  title: `Each of three nodes over one Redis, behind nginx, gets SIGTERM and is started again, while turns run in ${sessions} sessions. Readers wait as long as the server's \`retry\` asks (F10)`,
  seed: values.seed,
  write: values.write,
  failures,
  figures: {
    streams,
    'rules broken': violations.length,
    'log entries': events.length,
    'events received': history.readers.reduce(
      (sum, { connections }) => sum + connections.reduce((all, { received }) => all + received.length, 0),
      0,
    ),
    'turns ended': events.filter(({ type }) => type === 'message_end').length,
    'turns begun again by another node': events.filter(
      (event) => event.type === 'message_start' && event.attempt > 1,
    ).length,
    'messages taken / tries that failed before': `${posts.get('answered')?.length ?? 0} / ${posts.get('lost')?.length ?? 0}`,
    'from SIGTERM to the exit, each node': `${ends.map(({ ms }) => (ms / 1_000).toFixed(1)).join(', ')} s`,
    'exit codes': ends.map(({ code }) => code).join(', '),
    'readers that came back / tries that were refused': `${back.length} / ${returns.length - back.length}`,
    'most that came back in any one second': `${busiest}, ${((100 * busiest) / streams).toFixed(1)} % of the streams`,
  },
});

function countUntil(ms: number): number {
  const next = back.findIndex((each) => each >= ms);
  return next < 0 ? back.length : next;
}
