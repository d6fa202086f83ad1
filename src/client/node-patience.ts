/** A part of undici's Dispatcher, on which Node's `fetch` stands. */
interface Dispatcher {
  dispatch(options: object, handler: object): boolean;
}

/**
 * Makes what Node's `fetch` has to be given so that it cuts no answer that is silent for 300 s. Whatever sends requests otherwise, as a
 * proxy does, still does; where this Node is made otherwise, nothing changes.
 */
export function createPatience(): { readonly dispatcher?: Dispatcher } {
  // Two versions of the interface stand side by side, and `fetch` speaks the one it was made with.
  const major = Number.parseInt(process.versions['undici'] ?? '', 10);
  const name = Symbol.for(`undici.globalDispatcher.${major >= 8 ? 2 : 1}`);
  const find = (): unknown => Reflect.get(globalThis, name);
  // It is there once anything of `fetch` was touched.
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
