/**
 * Keeps an agent from writing what it says to stdout, which the SDK does unless it is made with `printer: false`: on a server
 * that would put every conversation into the process's log. The field is the SDK's own and has no public setter; where it is
 * gone, this does nothing.
 */
export function silencePrinter(agent: object): void {
  if (Reflect.get(agent, '_printer') !== undefined) Reflect.set(agent, '_printer', undefined);
}
