/** Told each error whose words are kept from the people who wait. */
export type OnError = (error: unknown, where: { readonly session?: string; readonly turn?: string }) => void;

/** Tells an error to whoever runs the server; what goes wrong in the telling harms nobody. */
export function reportError(
  onError: OnError | undefined,
  error: unknown,
  where: Parameters<OnError>[1] = {},
): void {
  if (onError === undefined) return print(where, error);
  const fail = (failure: unknown): void => {
    print(where, failure);
    print(where, error);
  };
  try {
    // An async function is taken for one that answers nothing, and may reject.
    const told: unknown = Reflect.apply(onError, undefined, [error, where]);
    Promise.resolve(told).catch(fail);
  } catch (failure) {
    fail(failure);
  }
}

function print(where: Parameters<OnError>[1], error: unknown): void {
  try {
    console.error('heddle:', where, error);
  } catch {
    // There is nobody left to tell.
  }
}
