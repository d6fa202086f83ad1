import { writeTable } from '../scripts/write-table.ts';

export interface Report {
  /** The name of the markers in the page: `<!-- proof:NAME -->`. */
  readonly name: string;
  readonly title: string;
  readonly seed: string;
  readonly figures: Readonly<Record<string, string | number>>;
  /** Everything that went wrong, as one sentence each. */
  readonly failures: readonly string[];
  /** Whether to write the figures into the page. A proof that failed never writes. */
  readonly write: boolean;
}

/**
 * Prints the result of a proof. With `write`, it also replaces the text between the proof's markers in
 * docs/reliability.md. Failures set the exit code to 1.
 */
export function report({ name, title, seed, figures, failures, write }: Report): void {
  const rows = Object.entries(figures).map(([what, figure]) => `- ${what}: ${figure}`);
  const date = new Date().toISOString().slice(0, 10);
  // A list, not a table: the formatter would align the columns of a table, and its check would then fail.
  const lines = [`${title}. Seed ${seed}, ${date}, Node ${process.version}.`, '', ...rows];
  process.stdout.write(`${lines.join('\n')}\n`);
  for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
  else if (write) writeTable('docs/reliability.md', `proof:${name}`, lines.join('\n'));
}
