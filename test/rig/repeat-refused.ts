/**
 * Firefox's code for a navigation that it gave up. On a busy machine it also gives up some that nothing
 * stops.
 */
const refusal = 'NS_BINDING_ABORTED';

/**
 * Wraps a navigation: if the browser refuses it, it is repeated, at most twice. `onRefusal` is called before
 * each repetition. Any other error is thrown at once.
 */
export function repeatRefused<Options extends readonly unknown[], Result>(
  navigate: (...options: Options) => Promise<Result>,
  onRefusal: () => Promise<unknown>,
): (...options: Options) => Promise<Result> {
  return async (...options) => {
    for (let left = 2; ; left -= 1) {
      try {
        return await navigate(...options);
      } catch (error) {
        if (left === 0 || !String(error).includes(refusal)) throw error;
        await onRefusal();
      }
    }
  };
}
