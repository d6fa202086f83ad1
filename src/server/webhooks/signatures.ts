import { fromBase64, toBase64 } from '../../protocol/internal.ts';

/**
 * Signs the text of a notice with each secret, as Standard Webhooks has it: `v1,<base64>`, divided by spaces.
 */
export type Sign = (id: string, timestamp: number, body: string) => Promise<string>;

const secretPattern = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

/**
 * Creates the signature of notices: HMAC with SHA-256 over `<id>.<timestamp>.<body>`. Throws a TypeError if a
 * secret has not the form of Standard Webhooks.
 */
export function createSign(secrets: readonly string[]): Sign {
  if (secrets.length === 0 || secrets.some((secret) => !isSecret(secret)))
    throw new TypeError(
      'webhooks: each secret is "whsec_" and 24 to 64 random bytes in base64, from: echo "whsec_$(openssl rand -base64 32)"',
    );
  const keys = secrets.map((secret) =>
    crypto.subtle.importKey('raw', toBytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
  );
  return async (id, timestamp, body) => {
    const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
    const marks = keys.map(async (key) =>
      toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', await key, signed))),
    );
    return (await Promise.all(marks)).map((mark) => `v1,${mark}`).join(' ');
  };
}

function isSecret(secret: string): boolean {
  if (!secretPattern.test(secret)) return false;
  try {
    const { length } = toBytes(secret);
    return length >= 24 && length <= 64;
  } catch {
    return false;
  }
}

function toBytes(secret: string): Uint8Array<ArrayBuffer> {
  return fromBase64(secret.slice('whsec_'.length));
}
