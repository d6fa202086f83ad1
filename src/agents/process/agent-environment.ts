/**
 * Returns the environment of an agent's process: that of this process without the variables `HEDDLE_…`, which
 * hold secrets of the server, and with `env` on top.
 */
export function toAgentEnvironment(
  ours: NodeJS.ProcessEnv,
  env: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  // Windows compares names of variables without their case.
  const passed = Object.entries(ours).filter(([name]) => !name.toUpperCase().startsWith('HEDDLE_'));
  return { ...Object.fromEntries(passed), ...env };
}
