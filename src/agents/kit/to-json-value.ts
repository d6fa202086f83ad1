import { isRecord } from '../../protocol/internal.ts';

/** A value of JSON, in the form that the types of vendors take. */
export type JsonValue = null | string | number | boolean | JsonValue[] | { [key: string]: JsonValue };

/** Returns a value as JSON. A part of it that is none becomes null. */
export function toJsonValue(value: unknown): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJsonValue(each)]));
  return null;
}
