import * as fc from 'fast-check';
import { worldCommands } from './commands.ts';
import { createWorld } from './world.ts';
import type { WorldVerdict } from './judge-world.ts';
import type { WorldAgent, WorldContext } from './world.ts';

export interface ModelOptions {
  readonly runs: number;
  readonly commands: number;
  readonly seed?: number;
  readonly path?: string;
  /** Opens the shared store of one run. */
  readonly share: () => Promise<WorldContext>;
  readonly onVerdict?: (verdict: WorldVerdict) => void;
  /** @default an async generator that follows the script */
  readonly createAgent?: WorldAgent | undefined;
}

/**
 * Runs random commands on worlds. Rejects if a rule is broken, and reports the fewest commands that break it.
 */
export async function runModel({
  runs,
  commands,
  seed,
  path,
  share,
  onVerdict,
  createAgent,
}: ModelOptions): Promise<void> {
  await fc.assert(
    fc.asyncProperty(worldCommands(commands), async (list) => {
      const world = await createWorld(await share(), createAgent);
      let verdict: WorldVerdict | undefined;
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: world }), list);
      } finally {
        verdict = await world.finish();
      }
      onVerdict?.(verdict);
      const { violations, repeatedEffects } = verdict;
      if (violations.length > 0)
        throw new Error(violations.map(({ rule, message }) => `${rule}: ${message}`).join('\n'));
      if (repeatedEffects.length > 0)
        throw new Error(`A tool had its effect twice in turn ${repeatedEffects.join(', ')}.`);
    }),
    {
      numRuns: runs,
      // Shrinking runs the world again and again. 30 minutes give a readable failure, and an end.
      interruptAfterTimeLimit: 1_000 * 60 * 30,
      ...(seed !== undefined && { seed }),
      ...(path !== undefined && { path }),
    },
  );
}
