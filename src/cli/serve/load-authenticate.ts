import { readFileSync } from 'node:fs';
import { isRecord } from '../../protocol/internal.ts';
import { apiKeys, bearerJwt, firstOf } from 'heddle/auth';
import type { Authenticate } from 'heddle/server';
import { ExitError } from './exit-error.ts';

export interface AuthenticateOptions {
  readonly apiKeys?: string;
  readonly jwtIssuer?: string;
  readonly jwtAudience?: string;
  readonly jwks?: string;
}

/**
 * Creates the auth of the given options; undefined when none is given. Throws an ExitError that names the
 * problem.
 */
export async function loadAuthenticate(options: AuthenticateOptions): Promise<Authenticate | undefined> {
  const ways: Authenticate[] = [];
  try {
    if (options.apiKeys !== undefined) ways.push(readKeys(options.apiKeys));
    const { jwtIssuer: issuer, jwtAudience: audience, jwks } = options;
    const given = [issuer, audience, jwks].filter((value) => value !== undefined).length;
    if (given > 0 && given < 3)
      throw new ExitError(
        '--jwt-issuer, --jwt-audience and --jwks go together: a token is checked by all three.',
      );
    if (issuer !== undefined && audience !== undefined && jwks !== undefined)
      ways.push(await bearerJwt({ issuer, audience, jwks }));
  } catch (error) {
    throw error instanceof TypeError ? new ExitError(error.message) : error;
  }
  return ways.length === 0 ? undefined : firstOf(...ways);
}

/**
 * Reads a file of keys: a JSON object from owner to the SHA-256 of their key, or to `{ "sha256": …, "admin":
 * true }`.
 */
function readKeys(path: string): Authenticate {
  const keys = read(path);
  if (keys === undefined || Object.keys(keys).length === 0)
    throw new ExitError(`There is no file of API keys ${path} that is a JSON object of owners and digests.`);
  const digests = new Map<string, string>();
  const admins: string[] = [];
  for (const [owner, value] of Object.entries(keys)) {
    const digest = isRecord(value) ? value['sha256'] : value;
    if (typeof digest !== 'string') throw new ExitError(`${path}: "${owner}" has no SHA-256 of a key.`);
    digests.set(owner, digest);
    if (isRecord(value) && value['admin'] === true) admins.push(owner);
  }
  return apiKeys(Object.fromEntries(digests), { admins });
}

function read(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
