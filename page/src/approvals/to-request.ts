import { isObject } from '../parts/is-object.ts';
import { gist, pretty } from '../parts/pretty.ts';

/** The reason of an approval in readable form. */
export interface Request {
  /** A name for it: the whole in one line. */
  readonly name: string;
  readonly title?: string;
  readonly message?: string;
  readonly fields: readonly { readonly name: string; readonly text: string }[];
  /** The whole as JSON, when the reason is neither a text nor an object. */
  readonly json?: string;
}

/** Reads a reason, which may be any JSON: a text, `{ title, message, … }`, or any other value. */
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
