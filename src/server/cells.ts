import type { ServerRequest } from './server-request.ts';

/**
 * Returns the slot of an owner: the first three hex digits of the SHA-256 of its name. A proxy has a table of
 * slots and cells, and sends all requests of one owner to one cell. No secret is in it, because an owner that
 * changed its slot would lose its sessions. Many owners share a slot, so it names none of them.
 */
export async function toSlot(owner: string): Promise<string> {
  const bytes = new DataView(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(owner)));
  return (bytes.getUint16(0) >> 4).toString(16).padStart(3, '0');
}

/**
 * Returns the end of a URL that may be opened without the owner's credentials: the cell that the proxy chose
 * for this request, or nothing if it names none. The holder of a link has another slot, or none.
 */
export function toCellQuery(request: ServerRequest): string {
  const cell = request.header('heddle-cell') ?? '';
  return /^[\w-]{1,32}$/.test(cell) ? `&cell=${cell}` : '';
}
