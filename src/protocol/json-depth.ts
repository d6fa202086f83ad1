/** The deepest JSON that is read from others. Deeper values would overflow the stack where they are written. */
export const maxJsonDepth = 64;

/**
 * Returns how deep brackets nest outside strings. It is a loop, because a recursive parser would overflow on
 * the very input that it must refuse.
 */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\' && inString) at += 1;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, (depth += 1));
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}

/** Reads a text as JSON. Returns undefined if it is none, or nests deeper than 64 levels. */
export function parseShallow(text: string): unknown {
  try {
    return depthOf(text) > maxJsonDepth ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
