import { Session } from 'node:inspector';

/** Says which blocks of the code under test have run since the last time it was asked. */
export interface Coverage {
  take(): ReadonlySet<string>;
}

/** Counts the blocks that run in scripts whose address has this in it, with the engine's own precise coverage. */
export function startCoverage(inAddress: string): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    take() {
      const blocks = new Set<string>();
      // The session lives in this thread, so that it answers before `post` returns.
      session.post('Profiler.takePreciseCoverage', (error, reply) => {
        if (error !== null) throw error;
        for (const script of reply.result) {
          if (!script.url.includes(inAddress)) continue;
          for (const { functionName, ranges } of script.functions) {
            for (const { startOffset, count } of ranges) {
              // How often counts too, by powers of two: a loop that runs twice is another path than one that runs once.
              if (count > 0)
                blocks.add(`${script.scriptId}:${functionName}:${startOffset}:${Math.log2(count) | 0}`);
            }
          }
        }
      });
      return blocks;
    },
  };
}
