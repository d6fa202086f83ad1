import type { Usage } from '../../protocol/index.ts';

/** The counts of a vendor, whatever they are. */
export interface VendorUsage {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly total?: unknown;
}

/** Returns the counts that are numbers from 0 on; undefined if there are none. */
export function toUsage({ input, output, total }: VendorUsage): Usage | undefined {
  const usage = {
    ...(isCount(input) && { input_tokens: input }),
    ...(isCount(output) && { output_tokens: output }),
    ...(isCount(total) && { total_tokens: total }),
  };
  return Object.keys(usage).length > 0 ? usage : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
