import { isRecord } from '../protocol/internal.ts';

/**
 * Returns the parts of a message that a page shows. Versions 5 and 6 of the SDK cannot take text back. So the
 * stream has parts `data-discard` and `data-replace` that say which text is not valid any more, and this
 * function applies them.
 */
export function toShownParts<Part extends { readonly type: string }>(
  parts: readonly Part[],
): readonly Part[] {
  const discarded = new Set<unknown>();
  const replaced = new Map<unknown, Replacement>();
  for (const part of parts) {
    const data: unknown = 'data' in part ? part.data : undefined;
    if (!isRecord(data)) continue;
    if (part.type === 'data-discard' && Array.isArray(data['parts']))
      for (const name of data['parts']) discarded.add(name);
    if (part.type === 'data-replace' && isReplacement(data)) replaced.set(data.part, data);
  }
  return parts.flatMap((part) => {
    if (part.type === 'data-discard' || part.type === 'data-replace') return [];
    const name = toName(part);
    if (name === undefined || !('text' in part) || typeof part.text !== 'string') return [part];
    if (discarded.has(name)) return [];
    const replacement = replaced.get(name);
    // More may have been said after the text was replaced.
    return replacement ? [{ ...part, text: replacement.text + part.text.slice(replacement.length) }] : [part];
  });
}

interface Replacement {
  readonly part: string;
  readonly text: string;
  /** The length of the text that is replaced, in UTF-16 units. */
  readonly length: number;
}

function isReplacement(data: object): data is Replacement {
  return 'part' in data && 'text' in data && 'length' in data && typeof data.length === 'number';
}

/** Returns Heddle's name of a part. */
function toName(part: object): unknown {
  const metadata: unknown = 'providerMetadata' in part ? part.providerMetadata : undefined;
  const heddle = isRecord(metadata) ? metadata['heddle'] : undefined;
  return isRecord(heddle) ? heddle['part'] : undefined;
}
