import type { Agent } from 'heddle';
import type { Env } from './create-model.ts';
import type { Doc } from './split-sections.ts';

interface GuideOptions {
  /** What `search_docs` searches. */
  readonly docs: readonly Doc[];
  /** `HEDDLE_MODEL`, `HEDDLE_GUIDE_PACE_MS` and the providers' own variables. */
  readonly env: Env;
  /** A real model as `provider:model`. @default env.HEDDLE_MODEL; without it the offline one */
  readonly model?: string;
  /** The clock that `current_time` reads. @default the system's */
  readonly now?: () => Date;
}

/**
 * Makes the embedded default agent: the Strands loop with a calculator, a clock and a search over the docs, run by an offline
 * model that follows rules, or by a real one. Throws an Error whose one sentence says what is wrong with the settings.
 */
export async function createGuide({
  docs,
  env,
  model,
  now = () => new Date(),
}: GuideOptions): Promise<Agent> {
  const paceMs = toPaceMs(env['HEDDLE_GUIDE_PACE_MS']);
  // The SDK takes long to load: only who runs the guide waits for it.
  const { assembleGuide } = await import('./assemble-guide.ts');
  return assembleGuide({ docs, env, model: (model ?? env['HEDDLE_MODEL'] ?? '').trim(), paceMs, now });
}

function toPaceMs(value: string | undefined): number {
  if (value === undefined || value.trim() === '') return 30;
  const paceMs = Number(value);
  if (Number.isFinite(paceMs) && paceMs >= 0 && paceMs <= 1_000) return paceMs;
  throw new Error(
    `HEDDLE_GUIDE_PACE_MS must be a number of milliseconds from 0 to 1000, but it is "${value}".`,
  );
}
