import { isObject } from '../parts/is-object.ts';
import { gist, pretty } from '../parts/pretty.ts';

/** A reason as people read it. */
export interface Request {
  /** All of it in one line, to name it by. */
  readonly name: string;
  readonly title?: string;
  readonly message?: string;
  readonly fields: readonly { readonly name: string; readonly text: string }[];
  /** Where it is of no such form: all of it, as JSON. */
  readonly json?: string;
}

/** Reads a reason, which may be any JSON: a text, `{ title, message, … }`, or whatever its agent gives. */
export function toRequest(reason: unknown): Request {
  if (typeof reason === 'string') return { name: gist(reason), message: pretty(reason), fields: [] };
  if (!isObject(reason)) return { name: gist(reason), fields: [], json: pretty(reason) };
  const { title, message, ...others } = reason;
  const fields = Object.entries({
    ...(typeof title !== 'string' && title !== undefined && { title }),
    ...(typeof message !== 'string' && message !== undefined && { message }),
    ...others,
  }).map(([name, value]) => ({ name, text: pretty(value) }));
  return {
    name: gist(typeof title === 'string' ? title : typeof message === 'string' ? message : reason),
    fields,
    ...(typeof title === 'string' && { title }),
    ...(typeof message === 'string' && { message }),
  };
}
