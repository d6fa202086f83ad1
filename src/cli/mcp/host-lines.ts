/** The longest line, in characters. The server takes no longer body. */
const maxLine = 8 * 1024 * 1024;

/**
 * Reads the lines of a stream of UTF-8, without empty ones. Only a line feed ends a line: JSON may have every
 * other line end within a text. A line that is too long is left out, and `onLong` is called.
 */
export async function* readHostLines(
  source: AsyncIterable<Uint8Array | string>,
  onLong: () => void,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  let isLong = false;
  for await (const chunk of source) {
    const [first = '', ...others] = (
      typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    ).split('\n');
    rest = isLong ? '' : rest + first;
    for (const next of others) {
      if (!isLong && rest.trim() !== '') yield rest;
      isLong = false;
      rest = next;
    }
    if (rest.length <= maxLine) continue;
    isLong = true;
    rest = '';
    onLong();
  }
  if (!isLong && rest.trim() !== '') yield rest;
}
