/** Receives each error whose details are kept from clients. */
export type OnError = (error: unknown, where: { readonly session?: string; readonly turn?: string }) => void;

/** Reports an error to the operator. An `onError` that fails does no harm: its error is printed. */
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
    // An async function is also accepted as `onError`, and its promise may reject.
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
    // There is no other place left to report to.
  }
}
