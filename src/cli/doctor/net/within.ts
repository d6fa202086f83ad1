/** Waits for a promise, but no longer than `ms`, and returns `instead` then. */
export async function within<Value, Instead>(
  promise: Promise<Value>,
  ms: number,
  instead: Instead,
): Promise<Value | Instead> {
  if (ms === Infinity) return promise;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Instead>((resolve) => {
    timer = setTimeout(() => resolve(instead), Math.max(0, ms));
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
