import type { Agent } from 'heddle';
import { strands } from 'heddle/agents/strands';
import type { StrandsFactory } from 'heddle/agents/strands';
import { createModel } from './create-model.ts';
import type { Env } from './create-model.ts';
import type { Doc } from './to-sections.ts';
import { toolFacts } from './tool-facts.ts';

interface GuideOptions {
  /** Reads the documents that `search_docs` searches. Called once, when a turn first searches. */
  readonly docs: () => readonly Doc[];
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
  const name = (model ?? env['HEDDLE_MODEL'] ?? '').trim();
  // Created now, so that a wrong setting is an error of the start and not of a turn.
  const named = name === '' ? undefined : await createModel(name, env);
  const assemble = async (): Promise<StrandsFactory> => {
    const { assembleGuide } = await import('./assemble-guide.ts');
    return assembleGuide({ docs, now, model: named, paceMs });
  };
  let assembled: Promise<StrandsFactory> | undefined;
  // The SDK takes long to load, so the first turn loads it.
  return strands(async (context) => (await (assembled ??= assemble()))(context), { tools: toolFacts });
}

function toPaceMs(value: string | undefined): number {
  if (value === undefined || value.trim() === '') return 30;
  const paceMs = Number(value);
  if (Number.isFinite(paceMs) && paceMs >= 0 && paceMs <= 1_000) return paceMs;
  throw new Error(
    `HEDDLE_GUIDE_PACE_MS must be a number of milliseconds from 0 to 1000, but it is "${value}".`,
  );
}
