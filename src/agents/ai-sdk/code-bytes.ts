import { fromBase64, isRecord, toBase64 } from '../../protocol/internal.ts';

/** The field by which a coded value is known. A user's object with this field is coded too. */
const mark = '$heddle';

/**
 * Returns a value as plain JSON from which `decodeBytes` makes an equal one: bytes become base64, URLs and
 * large integers become text. Throws a RangeError if the value contains itself.
 */
export function encodeBytes(value: unknown): unknown {
  if (typeof value === 'bigint') return { [mark]: 'bigint', data: String(value) };
  if (value instanceof URL) return { [mark]: 'url', data: value.href };
  if (value instanceof ArrayBuffer) return { [mark]: 'bytes', data: toBase64(new Uint8Array(value)) };
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return { [mark]: 'bytes', data: toBase64(new Uint8Array(buffer, byteOffset, byteLength)) };
  }
  if (Array.isArray(value)) return value.map(encodeBytes);
  // JSON asks such objects, a date for example, what they are.
  if (!isRecord(value) || typeof value['toJSON'] === 'function') return value;
  const fields = toFields(value, encodeBytes);
  return Object.hasOwn(value, mark) ? { [mark]: 'object', data: fields } : fields;
}

/** Returns the value that was encoded. */
export function decodeBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeBytes);
  if (!isRecord(value)) return value;
  const { [mark]: kind, data } = value;
  if (kind === 'object' && isRecord(data)) return toFields(data, decodeBytes);
  if (typeof data !== 'string') return toFields(value, decodeBytes);
  if (kind === 'bytes') return fromBase64(data);
  if (kind === 'url') return new URL(data);
  return kind === 'bigint' ? BigInt(data) : toFields(value, decodeBytes);
}

function toFields(value: object, code: (each: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, each]: [string, unknown]) => [key, code(each)]));
}
