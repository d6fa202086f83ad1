import { writeTable } from '../scripts/write-table.ts';

export interface Report {
  /** Names the markers in the page: `<!-- proof:NAME -->`. */
  readonly name: string;
  readonly title: string;
  readonly seed: string;
  readonly figures: Readonly<Record<string, string | number>>;
  /** Whatever went wrong, a sentence each. */
  readonly failures: readonly string[];
  /** Whether the page is changed; a proof that failed never is. */
  readonly write: boolean;
}

/** Prints what a proof found and, where asked, writes it between its markers in docs/reliability.md. Failures make the exit code 1. */
export function report({ name, title, seed, figures, failures, write }: Report): void {
  const rows = Object.entries(figures).map(([what, figure]) => `- ${what}: ${figure}`);
  const date = new Date().toISOString().slice(0, 10);
  // A list: the formatter would align the columns of a table, and say that the page is not formatted.
  const lines = [`${title}. Seed ${seed}, ${date}, Node ${process.version}.`, '', ...rows];
  process.stdout.write(`${lines.join('\n')}\n`);
  for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
  else if (write) writeTable('docs/reliability.md', `proof:${name}`, lines.join('\n'));
}
