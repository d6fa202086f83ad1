import type { ClientUnderTest } from './clients.ts';
import type { Fault } from './fault.ts';
import { observe } from './observe.ts';

export interface TableOptions {
  /** How many faults are played at a time. They wait more than they work. */
  readonly atOnce: number;
  readonly onCell: (client: ClientUnderTest, fault: Fault, cell: string) => void;
}

/** Plays every fault to every client. Returns the lines of the Markdown table. */
export async function toTable(
  clients: readonly ClientUnderTest[],
  faults: readonly Fault[],
  { atOnce, onCell }: TableOptions,
): Promise<readonly string[]> {
  const rows = faults.map(() => clients.map(() => 'n/a'));
  const waiting = faults.flatMap((fault, row) =>
    clients
      .filter(({ lacks }) => fault.about === undefined || !lacks.includes(fault.about))
      .map((client) => ({ client, fault, row })),
  );
  const play = async (queue: typeof waiting): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { client, fault, row } = next;
      const cell = fault.measure(await observe(client.start, fault));
      rows[row]?.splice(clients.indexOf(client), 1, cell);
      onCell(client, fault, cell);
    }
  };
  const { busy = [], calm = [] } = Object.groupBy(waiting, ({ fault }) => (fault.isBusy ? 'busy' : 'calm'));
  await Promise.all(Array.from({ length: atOnce }, () => play(calm)));
  await play(busy);
  return [
    `| | ${clients.map(({ name }) => name).join(' | ')} |`,
    `|---|${clients.map(() => '---|').join('')}`,
    ...rows.map((cells, row) => `| ${[faults[row]?.name, ...cells].join(' | ')} |`),
  ];
}
