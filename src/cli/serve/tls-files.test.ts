import { copyFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Certificate } from 'heddle/node';
import { createCertificate } from '../../node/certificate.fixture.ts';
import { openTlsFiles } from './tls-files.ts';

const next = createCertificate();
let now = createCertificate();
beforeEach(() => {
  now.remove();
  now = createCertificate();
});
afterAll(() => {
  for (const { remove } of [now, next]) remove();
});

function follow() {
  const files = openTlsFiles({ tlsCert: now.certFile, tlsKey: now.keyFile }, 10);
  const used: string[] = [String(files.certificate.cert)];
  const said: string[] = [];
  const log = { say: (text: string) => void said.push(text), warn: (text: string) => void said.push(text) };
  const stop = files.follow(
    {
      replaceCertificate({ cert, key }: Certificate) {
        if (String(key) === '') throw new Error('There is no key.');
        used.push(String(cert));
      },
    },
    log,
  );
  onTestFinished(() => stop());
  return { used, said };
}

test('files that change are used', async () => {
  const { used } = follow();
  await vi.waitFor(() => {
    // Again and again: the first look shows only how the files were before.
    copyFileSync(next.keyFile, now.keyFile);
    copyFileSync(next.certFile, now.certFile);
    expect(used.at(-1)).toBe(next.cert);
  });
  expect(used[0]).not.toBe(next.cert);
});

test('SIGHUP uses the files anew', () => {
  const { used, said } = follow();
  process.emit('SIGHUP');
  expect(used).toEqual([now.cert, now.cert]);
  expect(said).toEqual([`the certificate of ${now.certFile} is in use`]);
});

test('a certificate that cannot be used is warned of, and stays out', () => {
  const { used, said } = follow();
  writeFileSync(now.keyFile, '');
  process.emit('SIGHUP');
  expect(said).toEqual(['the certificate stays as it was: There is no key.']);
  expect(used).toEqual([now.cert]);
});

test.each([
  [{ tlsKey: 'key.pem' }, '--tls-key needs --tls-cert, the file of the certificate.'],
  [{ tlsCert: 'cert.pem' }, '--tls-cert needs --tls-key, the file of the private key.'],
  [{ tlsCert: 'no.pem', tlsKey: 'no.pem' }, 'The file of --tls-cert cannot be read: ENOENT'],
])('%j is refused', (flags, message) => {
  expect(() => openTlsFiles(flags)).toThrow(message);
});
