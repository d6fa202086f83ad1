import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Certificate, Listening } from 'heddle/node';
import { ExitError } from './exit-error.ts';

/** The options of `heddle serve` for TLS. Each is the path of a PEM file. */
export interface TlsFlags {
  /** The certificate, and those between it and its root. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** The files of a certificate and its key. */
export interface TlsFiles {
  /** The certificate as it was at the start. */
  readonly certificate: Certificate;
  /**
   * Uses the files anew when one of them changes, and on SIGHUP. Files that cannot be used are warned of, and
   * the certificate stays. Returns a function that ends it.
   */
  follow(listening: Pick<Listening, 'replaceCertificate'>, log: TlsLog): () => void;
}

interface TlsLog {
  readonly say: (text: string) => void;
  readonly warn: (text: string) => void;
}

/**
 * How often the files are looked at, in milliseconds. A look follows links, which is how certificates are
 * replaced in many places; events of the file system do not.
 */
const defaultLookMs = 5_000;

/** Reads the files. Throws an ExitError if one is missing, or only one is named. */
export function openTlsFiles({ tlsCert, tlsKey }: TlsFlags, lookMs: number = defaultLookMs): TlsFiles {
  if (tlsCert === undefined) throw new ExitError('--tls-key needs --tls-cert, the file of the certificate.');
  if (tlsKey === undefined) throw new ExitError('--tls-cert needs --tls-key, the file of the private key.');
  const read = (): Certificate => ({
    cert: readPem(tlsCert, '--tls-cert'),
    key: readPem(tlsKey, '--tls-key'),
  });
  return {
    certificate: read(),
    follow({ replaceCertificate }, { say, warn }) {
      const replace = (): void => {
        try {
          replaceCertificate(read());
          say(`the certificate of ${tlsCert} is in use`);
        } catch (error) {
          // Often one file is written before the other. The next look finds both.
          warn(`the certificate stays as it was: ${error instanceof Error ? error.message : String(error)}`);
        }
      };
      for (const file of [tlsCert, tlsKey]) watchFile(file, { interval: lookMs, persistent: false }, replace);
      process.on('SIGHUP', replace);
      return () => {
        for (const file of [tlsCert, tlsKey]) unwatchFile(file, replace);
        process.off('SIGHUP', replace);
      };
    },
  };
}

function readPem(file: string, option: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExitError(`The file of ${option} cannot be read: ${reason}`);
  }
}
