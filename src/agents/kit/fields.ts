import { isRecord } from '../../protocol/internal.ts';

/** An object of a vendor, read field by field, with no assumption about its shape. */
export type Fields = Readonly<Record<string, unknown>>;

const none: Fields = {};

/** Returns the value's fields; none if it is not an object. */
export function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : none;
}

/** Returns the value if it is a text, else an empty text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns a name as text, also if it is a number; an empty text if it is neither. */
export function nameOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : textOf(value);
}

/** Returns the value if it is a list, else an empty list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
