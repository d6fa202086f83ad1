import type { Agent } from 'heddle';
import type { Env } from './create-model.ts';
import type { Doc } from './to-passages.ts';

interface GuideOptions {
  /** The documents that `search_docs` searches. */
  readonly docs: readonly Doc[];
  /** Holds `HEDDLE_MODEL`, `HEDDLE_GUIDE_PACE_MS` and the variables of the providers. */
  readonly env: Env;
  /** A real model as `provider:model`. @default env.HEDDLE_MODEL; without it the offline model */
  readonly model?: string;
  /** The clock that `current_time` reads. @default the system's */
  readonly now?: () => Date;
}

/**
 * Creates the built-in demo agent: a Strands agent with a calculator, a clock and a search over the docs. Its
 * model follows rules and works offline, unless the settings name a real one. Rejects with an Error of one
 * sentence if a setting is wrong.
 */
export async function createGuide({
  docs,
  env,
  model,
  now = () => new Date(),
}: GuideOptions): Promise<Agent> {
  const paceMs = toPaceMs(env['HEDDLE_GUIDE_PACE_MS']);
  // The SDK takes long to load, so it is loaded only when the guide runs.
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
