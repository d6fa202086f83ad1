/** A coding of a body (RFC 9110, section 8.4.1). */
export type ContentCoding = 'br' | 'gzip' | 'identity';

/**
 * Returns the coding that a client prefers among those that are available, which are in the server's order.
 * Returns undefined if it accepts none of them. Without an `Accept-Encoding`, it is `identity`.
 */
export function chooseCoding(
  accepted: string | undefined,
  available: readonly ContentCoding[],
): ContentCoding | undefined {
  if (accepted === undefined) return 'identity';
  const weights = readWeights(accepted);
  const all = weights.get('*');
  // A client need not name `identity` to accept it. It is then the last choice.
  const weigh = (coding: ContentCoding): number =>
    weights.get(coding) ?? all ?? (coding === 'identity' ? leastWeight : 0);
  const [best] = available.toSorted((one, other) => weigh(other) - weigh(one));
  return best !== undefined && weigh(best) > 0 ? best : undefined;
}

/** A weight has three digits behind its point. */
const leastWeight = 0.0001;

function readWeights(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const item of header.toLowerCase().split(',')) {
    const [, name, weight = '1'] =
      /^\s*([^\s;]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/.exec(item) ?? [];
    // An item that cannot be read allows nothing.
    if (name !== undefined) weights.set(name === 'x-gzip' ? 'gzip' : name, Number(weight));
  }
  return weights;
}
