import { headers as names } from '../protocol/index.ts';

/** Returns the header that names the last id, if there is an id that a header can hold. */
export function toLastIdHeader(last: string | undefined): Record<string, string> {
  return last === undefined || unsafe.test(last) ? {} : { [names.lastEventId]: toBytes(last) };
}

// Ids of other servers may be any text. `fetch` throws at these characters each time.
// oxlint-disable-next-line no-control-regex
const unsafe = /[\x00-\x08\x0a-\x1f\x7f]/;

/**
 * Encodes an id as UTF-8 bytes (HTML standard, "Last-Event-ID"). `fetch` takes each byte as one character.
 */
function toBytes(id: string): string {
  return String.fromCharCode(...new TextEncoder().encode(id));
}
