import type { NodeThroughput } from './measure-nodes.ts';
import type { SizeCosts } from './measure-sizes.ts';

/** Returns the Markdown table of the costs of sessions, with a text that explains its columns. */
export function toSizesTable(costs: readonly SizeCosts[]): string {
  const [{ rate, connections } = { rate: NaN, connections: NaN }] = costs;
  return [
    `**What a token costs.** One node runs a turn in each session, ${rate.toLocaleString('en')} tokens a second in all together, and another one has their readers. Unread: before there were any. ` +
      'A wake is what a token takes more once it is read, without what silence takes. ' +
      `Silence: a second in which nobody speaks and all are listened to. Each node had ${connections} connections to Redis, with readers as without. The first token of a turn is appended at once, a further one after the 25 ms in which more is gathered.`,
    '',
    '| sessions | commands a token: appends + reads + others | unread | Redis CPU a token | unread | a wake | CPU of both nodes a token | said to read, p50 / p99 | silence: commands, Redis CPU |',
    '|---|---|---|---|---|---|---|---|---|',
    ...costs.map(toSizeRow),
  ].join('\n');
}

function toSizeRow({ sessions, rate, read, unread, ...rest }: SizeCosts): string {
  const commands = ({ appends, reads, others }: SizeCosts['read']): string =>
    [appends, reads, others].map((each) => each.toFixed(2)).join(' + ');
  const wake = read.redis - unread.redis - rest.silentRedis / rate;
  return [
    `| ${sessions.toLocaleString('en')}`,
    commands(read),
    commands(unread),
    toMicros(read.redis),
    toMicros(unread.redis),
    toMicros(wake),
    toMicros(read.nodes),
    `${rest.p50Ms.toFixed(1)} / ${rest.p99Ms.toFixed(1)} ms`,
    `${Math.round(rest.silentCommands).toLocaleString('en')} / s, ${toPercent(rest.silentRedis)} |`,
  ].join(' | ');
}

/** Returns the Markdown table of how much nodes carried, with a text that explains its columns. */
export function toNodesTable(carried: readonly NodeThroughput[]): string {
  return [
    '**What nodes carry.** Each runs its share of the turns, which say 20 tokens a second, and has the readers of another one’s; there are three in ten more each time, until tokens come later than 250 ms (p99) or slower than they should. ' +
      'All processes share the two cores, so that what ends it is the machine. With a core for each process a node would carry the last column, computed from its CPU a token, as long as Redis, at its own CPU a token, carries all nodes.',
    '',
    '| nodes | turns | tokens a second | too much were | said to read, p50 / p99 | cores: nodes / Redis / readers | nodes’ CPU a token | Redis CPU a token | a core each: a node / Redis |',
    '|---|---|---|---|---|---|---|---|---|',
    ...carried.map((each) =>
      [
        `| ${each.nodes}`,
        String(each.turns),
        toCount(each.rate),
        `${each.refused} turns`,
        `${each.p50Ms.toFixed(1)} / ${each.p99Ms.toFixed(1)} ms`,
        [each.cores.nodes, each.cores.redis, each.cores.load].map((cores) => cores.toFixed(2)).join(' / '),
        toMicros(each.nodeCpu),
        toMicros(each.redisCpu),
        `${toCount(1 / each.nodeCpu)} / ${toCount(1 / each.redisCpu)} a second |`,
      ].join(' | '),
    ),
  ].join('\n');
}

function toMicros(seconds: number): string {
  return `${Math.round(seconds * 1e6)} µs`;
}

function toPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function toCount(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en');
}
