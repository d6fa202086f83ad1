/** A part of undici's Dispatcher, on which Node's `fetch` is built. */
interface Dispatcher {
  dispatch(options: object, handler: object): boolean;
}

/**
 * Returns the option with which Node's `fetch` does not cut a response that is silent for 300 s. The current
 * dispatcher, such as one for a proxy, still sends the requests. If this Node has no known dispatcher, the
 * option is empty and nothing changes.
 */
export function createPatience(): { readonly dispatcher?: Dispatcher } {
  // Two versions of the interface exist side by side, and `fetch` uses the one it was built with.
  const major = Number.parseInt(process.versions['undici'] ?? '', 10);
  const name = Symbol.for(`undici.globalDispatcher.${major >= 8 ? 2 : 1}`);
  const find = (): unknown => Reflect.get(globalThis, name);
  // Node creates it when a part of `fetch` is first used.
  if (typeof Headers !== 'function' || !isDispatcher(find())) return {};
  return {
    dispatcher: {
      dispatch(options, handler) {
        const current = find();
        return (
          isDispatcher(current) &&
          current.dispatch({ ...options, bodyTimeout: 0, headersTimeout: 0 }, handler)
        );
      },
    },
  };
}

function isDispatcher(value: unknown): value is Dispatcher {
  return typeof value === 'object' && value !== null && 'dispatch' in value;
}
