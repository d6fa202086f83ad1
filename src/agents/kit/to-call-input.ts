/** Returns the input of a call from the text of its JSON: the text itself if it is no JSON. */
export function toCallInput(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return text;
  }
}
