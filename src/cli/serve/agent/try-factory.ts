/** The result of one call of a function at the start, without a turn. */
export type Trial =
  /** It needs its turn, and was stopped when it read this field of it. */
  | { readonly type: 'reads'; readonly field: string }
  | { readonly type: 'made'; readonly made: unknown }
  | { readonly type: 'failed'; readonly error: unknown }
  /** Its promise did not settle in time. */
  | { readonly type: 'late' };

/** How long the promise of a function may take, in milliseconds. */
const trialMs = 2_000;

/**
 * Calls a function once to see what it makes. There is no turn, so the function gets a context that can only
 * be taken and passed on: reading anything of it throws, and so the function ends before it works on what it
 * thinks is a message.
 */
export async function tryFactory(
  factory: (context: Record<string, unknown>) => unknown,
  ms = trialMs,
): Promise<Trial> {
  let read: string | undefined;
  const stop = (field: string | symbol): never => {
    read ??= String(field);
    throw new Error('At the start there is no turn to read.');
  };
  const context = new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, field) => stop(field),
      has: (_, field) => stop(field),
      getOwnPropertyDescriptor: (_, field) => stop(field),
      ownKeys: () => stop('all'),
      getPrototypeOf: () => stop('its prototype'),
    },
  );
  // Work that it starts beside its promise may fail. In a turn that is logged, and this is no turn.
  const ignore = (): void => {};
  process.on('unhandledRejection', ignore);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Trial>((resolve) => {
    timer = setTimeout(() => resolve({ type: 'late' }), ms);
  });
  try {
    const made = (async (): Promise<Trial> => ({ type: 'made', made: await factory(context) }))();
    const trial = await Promise.race([made, late]);
    return read === undefined ? trial : { type: 'reads', field: read };
  } catch (error) {
    return read === undefined ? { type: 'failed', error } : { type: 'reads', field: read };
  } finally {
    clearTimeout(timer);
    process.off('unhandledRejection', ignore);
  }
}
