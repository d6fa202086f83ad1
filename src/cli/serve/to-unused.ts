import type { StorePlace } from './open-store.ts';

/** Returns a sentence for each given setting that has no effect here, with the reason. */
export function toUnused(
  agentFile: string | undefined,
  { redis, memory, data, isDataGiven }: StorePlace & { readonly isDataGiven: boolean },
  env: NodeJS.ProcessEnv,
): readonly string[] {
  const ofGuide = ['HEDDLE_MODEL', 'HEDDLE_GUIDE_PACE_MS'].filter((name) => (env[name] ?? '').trim() !== '');
  const kept = redis !== undefined ? 'in Redis' : memory ? 'in memory only' : undefined;
  return [
    ...(agentFile === undefined
      ? []
      : ofGuide.map(
          (name) => `${name} does nothing: it is for the built-in guide, and ${agentFile} answers`,
        )),
    ...(isDataGiven && kept !== undefined
      ? [`--data ${data} does nothing: conversations are kept ${kept}`]
      : []),
  ];
}
