/** A collection of times for percentiles. */
export interface Sample {
  add(value: number): void;
  percentile(share: number): number;
  clear(): void;
}

/** Creates an empty sample. */
export function createSample(): Sample {
  let values = new Float64Array(1024);
  let size = 0;
  return {
    add: (value) => {
      if (size === values.length) {
        const larger = new Float64Array(size * 2);
        larger.set(values);
        values = larger;
      }
      values[size] = value;
      size += 1;
    },
    percentile: (share) => {
      const sorted = values.subarray(0, size).toSorted();
      return sorted[Math.min(size - 1, Math.floor(size * share))] ?? NaN;
    },
    clear: () => {
      size = 0;
    },
  };
}
