import type { Reporter, TestModule } from 'vitest/node';

/** Prints the ten slowest files after a run of many. */
export const slowestFiles: Reporter = {
  onTestRunEnd(modules) {
    if (modules.length < 50) return;
    const lines = modules
      .toSorted((one, other) => toSeconds(other) - toSeconds(one))
      .slice(0, 10)
      .map((each) => `${toSeconds(each).toFixed(1).padStart(7)} s  ${each.relativeModuleId}\n`);
    process.stdout.write(`\nThe slowest files:\n${lines.join('')}`);
  },
};

/** Returns how long a file took, with its imports. */
function toSeconds(each: TestModule): number {
  const { collectDuration, duration } = each.diagnostic();
  return (collectDuration + duration) / 1000;
}
