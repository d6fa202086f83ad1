/** A fetch for `HttpAgent`, which cancels a body that has broken and leaves the rejection unhandled. */
export async function fetchQuietly(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const { body } = response;
  if (body === null) return response;
  const cancel = body.cancel.bind(body);
  const read = body.getReader.bind(body);
  body.cancel = (reason) => cancel(reason).catch(() => {});
  Object.assign(body, {
    getReader: () => {
      const reader = read();
      const end = reader.cancel.bind(reader);
      return Object.assign(reader, { cancel: () => end().catch(() => {}) });
    },
  });
  return response;
}
