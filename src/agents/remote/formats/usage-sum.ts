import type { Usage } from '../../../protocol/index.ts';

/** The usage of one answer. Some servers send the sum so far with each chunk, and others send it once. */
export interface UsageSum {
  /** Takes the sum so far. Returns by how much it has grown. */
  grow(sum: Usage): Usage;
}

export function createUsageSum(): UsageSum {
  let before: Usage = {};
  return {
    grow(sum) {
      const more = (key: keyof Usage): Usage => {
        const count = sum[key];
        return count === undefined ? {} : { [key]: Math.max(0, count - (before[key] ?? 0)) };
      };
      const grown = { ...more('input_tokens'), ...more('output_tokens'), ...more('total_tokens') };
      before = { ...before, ...sum };
      return grown;
    },
  };
}
