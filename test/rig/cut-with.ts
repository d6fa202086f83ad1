/** Returns a response whose body fails when a signal aborts, as if the server process had died. */
export function cutWith(response: Response, signal: AbortSignal): Response {
  if (response.body === null) return response;
  const reader = response.body.getReader();
  const cut = Promise.withResolvers<'cut'>();
  const onAbort = (): void => {
    cut.resolve('cut');
    void reader.cancel().catch(() => {});
  };
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next = await Promise.race([reader.read(), cut.promise]);
        if (next === 'cut') controller.error(new Error('The connection was cut.'));
        else if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: () => {
        signal.removeEventListener('abort', onAbort);
        return reader.cancel();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: response.status, headers: response.headers });
}
