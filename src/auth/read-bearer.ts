import type { ServerRequest } from '../server/index.ts';

/** Reads the token of `Authorization: Bearer` (RFC 6750); undefined if there is none. */
export function readBearer(request: ServerRequest): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,8192})$/i.exec(request.header('authorization') ?? '')?.[1];
}
