/**
 * Stops an agent from printing its text to stdout, which the SDK does unless the agent has `printer: false`.
 * On a server, every conversation would end up in the process's log. The field is private and has no setter;
 * if it is gone, this does nothing.
 */
export function silencePrinter(agent: object): void {
  if (Reflect.get(agent, '_printer') !== undefined) Reflect.set(agent, '_printer', undefined);
}
