import type { AgentSource } from './agent/open-agent.ts';
import type { RemoteFlags } from './agent/open-remote.ts';
import type { StorePlace } from './open-store.ts';

/** The settings that may have no effect. */
interface UnusedFacts extends StorePlace, Partial<RemoteFlags> {
  readonly isDataGiven: boolean;
  readonly workers?: number;
}

/** Returns a sentence for each given setting that has no effect here, with the reason. */
export function toUnused(
  source: AgentSource,
  { redis, memory, data, isDataGiven, workers, ...flags }: UnusedFacts,
  env: NodeJS.ProcessEnv,
): readonly string[] {
  const ofGuide = ['HEDDLE_MODEL', 'HEDDLE_GUIDE_PACE_MS'].filter((name) => (env[name] ?? '').trim() !== '');
  const kept = redis !== undefined ? 'in Redis' : memory ? 'in memory only' : undefined;
  const ofUrl = source.type === 'url' ? [] : toUrlSettings(flags, env);
  return [
    ...ofUrl.map(
      (name) => `${name} does nothing: it is for an agent behind a URL, and ${source.name} answers`,
    ),
    ...(source.type === 'guide'
      ? []
      : ofGuide.map(
          (name) => `${name} does nothing: it is for the built-in guide, and ${source.name} answers`,
        )),
    ...(workers !== undefined && source.type !== 'command'
      ? [`--workers ${workers} does nothing: it is for a command of lines, and ${source.name} answers`]
      : []),
    ...(isDataGiven && kept !== undefined
      ? [`--data ${data} does nothing: conversations are kept ${kept}`]
      : []),
  ];
}

/** Returns the names of the given settings that only an agent behind a URL has. */
function toUrlSettings(
  { format, model, instructions, idempotent, header = [] }: Partial<RemoteFlags>,
  env: NodeJS.ProcessEnv,
): readonly string[] {
  const given = { format, model, instructions, idempotent, header: header[0] };
  return [
    ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : `--${name}`)),
    ...((env['HEDDLE_AGENT_TOKEN'] ?? '').trim() === '' ? [] : ['HEDDLE_AGENT_TOKEN']),
  ];
}
