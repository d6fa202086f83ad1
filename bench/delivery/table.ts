import { median } from '../wire/measure.ts';
import type { Column, Target, Unit, Work } from './work.ts';

/** The figures of one workload: by variant, then by server, one set for each round. */
export type Results = ReadonlyMap<string, ReadonlyMap<string, readonly BenchRound[]>>;

/** The figures of one round, in the order of the workload's columns. */
export interface BenchRound {
  readonly round: number;
  readonly figures: readonly number[];
}

/**
 * Returns the Markdown table of one workload. It has the medians, and how many times as good as the reference
 * each server is, by rounds.
 */
export function toDeliveryTable(
  { title, columns }: Work,
  results: Results,
  reference: string,
): readonly string[] {
  const [compared, ...others] = columns;
  if (compared === undefined) return [];
  const lines = [
    title,
    '',
    `| | | ${compared.name} | × ${reference} | ${others.map(({ name }) => name).join(' | ')} |`,
    `|---|---|---|---|${others.map(() => '---|').join('')}`,
  ];
  for (const [variant, servers] of results) {
    for (const [server, rounds] of servers) {
      const cells = columns.map(({ unit }, index) => toText(medianOf(rounds, index), unit));
      const [first = '', ...rest] = cells;
      const ratio = server === reference ? undefined : toRatios(rounds, servers.get(reference), compared);
      lines.push(
        `| ${[variant, server, first, ratio === undefined ? '' : describe(ratio), ...rest].join(' | ')} |`,
      );
    }
  }
  return [...lines, ''];
}

/**
 * Returns the Markdown table of how many times as good as each of the workload's peers Heddle is, by rounds.
 * Peers that were not measured have no column.
 */
export function toPeersTable({ peers = [], columns }: Work, results: Results): readonly string[] {
  const [compared] = columns;
  const measured = peers.filter((peer) => [...results.values()].some((servers) => servers.has(peer)));
  if (compared === undefined || measured.length === 0) return [];
  const rows = [...results].flatMap(([variant, servers]) =>
    [...servers]
      .filter(([server]) => server.startsWith('ours'))
      .map(([server, own]) => {
        const cells = measured.map((peer) => toRatios(own, servers.get(peer), compared));
        const texts = cells.map((ratios) => (ratios === undefined ? '' : describe(ratios)));
        return `| ${[variant, server, ...texts].join(' | ')} |`;
      }),
  );
  if (rows.length === 0) return [];
  const heads = measured.map((peer) => `× ${toTitle(peer)}`);
  return [
    `| ${compared.name} | | ${heads.join(' | ')} |`,
    `|---|---|${heads.map(() => '---|').join('')}`,
    ...rows,
    '',
  ];
}

/** Returns the Markdown table of the targets that were measured. */
export function toTargets(measured: readonly (readonly [Work, Results])[]): readonly string[] {
  const rows = measured.flatMap(([work, results]) =>
    work.targets.flatMap((target) => {
      const row = toTargetRow(work, results, target);
      return row === undefined ? [] : [`| ${row.join(' | ')} |`];
    }),
  );
  return rows.length === 0 ? [] : ['| target | | measured | |', '|---|---|---|---|', ...rows, ''];
}

function toTargetRow(work: Work, results: Results, target: Target): readonly string[] | undefined {
  const { variant, server, peer, value } = target;
  const servers = results.get(variant);
  const own = servers?.get(server);
  const [compared] = work.columns;
  if (own === undefined || compared === undefined) return undefined;
  const what = `${work.name}, ${variant}: ${server}`;
  if (peer !== undefined) {
    const ratios = toRatios(own, servers?.get(peer), compared);
    if (ratios === undefined) return undefined;
    return [
      what,
      `≥ ${value.toFixed(2)} × ${toTitle(peer)}`,
      describe(ratios),
      toVerdict(median(ratios) >= value),
    ];
  }
  const index = work.columns.findIndex(({ name }) => name === target.column);
  const unit = work.columns[index]?.unit ?? 'count';
  const figure = medianOf(own, index);
  return [
    `${what}, ${target.column}`,
    `≤ ${toText(value, unit)}`,
    toText(figure, unit),
    toVerdict(figure <= value),
  ];
}

/** Returns how many times as good as a peer a server is, for each round in which both were measured. */
function toRatios(
  own: readonly BenchRound[],
  peer: readonly BenchRound[] | undefined,
  { better }: Column,
): readonly number[] | undefined {
  const ratios = own.flatMap(({ round, figures: [mine = NaN] }) => {
    const [theirs] = peer?.find((other) => other.round === round)?.figures ?? [];
    if (theirs === undefined) return [];
    return [better === 'more' ? mine / theirs : theirs / mine];
  });
  return ratios.length === 0 ? undefined : ratios;
}

function describe(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}

function toTitle(server: string): string {
  return server === 'floor' ? 'bare epoll loop in C' : server;
}

function toVerdict(isMet: boolean): string {
  return isMet ? 'met' : 'missed';
}

function medianOf(rounds: readonly BenchRound[], column: number): number {
  return median(rounds.map(({ figures }) => figures[column] ?? NaN));
}

function toText(value: number, unit: Unit): string {
  switch (unit) {
    case 'count':
      return `${(value / 1e3).toFixed(value < 1e4 ? 1 : 0)} k`;
    case 'bytes':
      return `${(value / 1e3).toFixed(1)} k`;
    case 'ms':
      return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
    case 'µs':
      return `${value.toFixed(value < 10 ? 1 : 0)} µs`;
    case 'MB':
      return `${value.toFixed(0)} MB`;
    case '%':
      return `${value.toFixed(0)} %`;
    case '×':
      return value.toFixed(2);
  }
}
