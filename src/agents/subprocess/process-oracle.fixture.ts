import type { Oracle } from '../kit/oracle.fixture.ts';
import { stageProcess } from '../process/staged-process.fixture.ts';
import { subprocess } from './index.ts';

export interface ProcessOracleOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Stages a real process that speaks lines. Its environment is that of `stageProcess`. */
export function processOracle({ command, args, env = {} }: ProcessOracleOptions): Oracle {
  return {
    busy: 'model_throttled',
    stage: (script) =>
      stageProcess(script, (scripted) => subprocess({ command, args, env: { ...env, ...scripted } })),
  };
}
