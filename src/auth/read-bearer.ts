import type { ServerRequest } from '../server/index.ts';

/** The token of `Authorization: Bearer` (RFC 6750); undefined where there is none. */
export function readBearer(ask: ServerRequest): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,8192})$/i.exec(ask.header('authorization') ?? '')?.[1];
}
