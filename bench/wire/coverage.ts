import { Session } from 'node:inspector';

/** Returns the blocks of the code under test that have run since the last call. */
export interface Coverage {
  take(): ReadonlySet<string>;
}

/** Counts the blocks that run in scripts whose URL contains `inAddress`, with the precise coverage of V8. */
export function startCoverage(inAddress: string): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    take() {
      const blocks = new Set<string>();
      // The session is in this thread, so it answers before `post` returns.
      session.post('Profiler.takePreciseCoverage', (error, reply) => {
        if (error !== null) throw error;
        for (const script of reply.result) {
          if (!script.url.includes(inAddress)) continue;
          for (const { functionName, ranges } of script.functions) {
            for (const { startOffset, count } of ranges) {
              // The count matters too, in powers of two: a loop that runs twice is another path than one that
              // runs once.
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
