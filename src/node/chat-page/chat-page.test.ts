import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WholeReply } from '../../server/index.ts';
import { chatPage } from './chat-page.ts';
import type { PageSettings } from './page-settings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-page-'));
  writeFileSync(
    join(folder, 'index.html'),
    '<html lang="en"><head>\n    <title>Chat</title>\n    <link rel="icon" href="./assets/icon.svg" />\n  </head><body></body></html>',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const png = Buffer.from('89504e470d0a1a0a0000000d494844520000020000000200', 'hex');
const svg = '<?xml version="1.0"?><!-- a logo --><svg xmlns="http://www.w3.org/2000/svg"/>';

function serve(settings: PageSettings): (path: string) => WholeReply {
  const page = chatPage(settings, { folder });
  return (path) => {
    const reply = page(path);
    if (reply?.type !== 'whole') throw new Error(`${path} is not there.`);
    return reply;
  };
}
const textOf = ({ body }: WholeReply): string => Buffer.from(body ?? '').toString();

/** Returns the addresses of the page's own files, as paths below the page. */
function linksOf(html: string): Readonly<Record<string, string>> {
  const links = html.matchAll(/<link rel="([\w-]+)"[^>]*href="\.([^"]+)"/g);
  return Object.fromEntries(Array.from(links, ([, rel = '', path = '']) => [rel, path]));
}

test('a page without settings is neutral', () => {
  const ask = serve({});
  const html = textOf(ask('/'));
  expect(html).toContain('<title>Chat</title>');
  expect(html).not.toMatch(/Heddle|Tokyo/);
  expect(html.match(/<title>|rel="icon"/g)).toHaveLength(2);
  expect(textOf(ask(linksOf(html)['icon'] ?? ''))).toContain('#14605c');
});

test('no setting can add markup or change what follows it', () => {
  const title = `</title><script>alert(1)</script>"'&$&$\`$1`;
  const html = textOf(serve({ title, footer: title })('/'));
  expect(html).not.toContain('<script>');
  expect(html.match(/<\/head>/g)).toHaveLength(1);
  const [, json = ''] = /name="heddle-page" content="([^"]*)"/.exec(html) ?? [];
  const text = json.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  expect(JSON.parse(text)).toMatchObject({ title, footer: title });
});

test('the manifest has the title and icons, and only relative addresses', () => {
  writeFileSync(join(folder, 'logo.png'), png);
  const ask = serve({
    title: { en: 'Acme', ja: 'アクメ' },
    language: 'ja',
    logo: join(folder, 'logo.png'),
    accent: '#0b5cad',
  });
  const { manifest = '', 'apple-touch-icon': icon = '' } = linksOf(textOf(ask('/')));
  expect(JSON.parse(textOf(ask(manifest)))).toEqual({
    name: 'アクメ',
    short_name: 'アクメ',
    start_url: './',
    scope: './',
    display: 'standalone',
    lang: 'ja',
    background_color: '#fbfbf9',
    theme_color: '#0b5cad',
    icons: [{ src: `.${icon}`, sizes: '512x512', type: 'image/png', purpose: 'any' }],
  });
  expect(ask(manifest).headers['content-type']).toBe('application/manifest+json');
  expect(ask(icon).headers).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'public, max-age=31536000, immutable',
  });
});

test('a logo is a path, a file: URL or a data: URL, and is recognised by its content', () => {
  writeFileSync(join(folder, 'misnamed.png'), svg);
  const path = join(folder, 'misnamed.png');
  for (const logo of [
    path,
    pathToFileURL(path),
    pathToFileURL(path).href,
    `data:image/svg+xml,${encodeURIComponent(svg)}`,
  ]) {
    const ask = serve({ logo });
    const shown = ask(linksOf(textOf(ask('/')))['icon'] ?? '');
    expect(shown.headers['content-type']).toBe('image/svg+xml');
    // An SVG that is opened by itself runs nothing.
    expect(shown.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    expect(textOf(shown)).toBe(svg);
  }
});

test('the policy lets in a logo elsewhere, and no other image', () => {
  const policyOf = (settings: PageSettings): string | undefined =>
    serve(settings)('/').headers['content-security-policy'];
  expect(policyOf({})).toContain("img-src 'self' data:;");
  expect(policyOf({ logo: "https://cdn.example.com/a;b,c.png?v=1; script-src 'unsafe-inline'" })).toContain(
    "img-src 'self' data: https://cdn.example.com/a%3Bb%2Cc.png; font-src",
  );
});

test.each([
  [
    'nowhere.png',
    /^page\.logo must be the path or the URL of an image, but .*nowhere\.png cannot be read \(ENOENT\)/,
  ],
  ['index.html', /^page\.logo must be an SVG, PNG, JPEG, WebP, GIF, AVIF or ICO image, but .* is none/],
  ['.', /cannot be read \(EISDIR\)/],
  ['large.png', /at most 1 MiB/],
])('the logo %s is refused with a reason', (file, sentence) => {
  if (file === 'large.png')
    writeFileSync(join(folder, file), Buffer.concat([png, Buffer.alloc(1024 * 1024)]));
  expect(() => serve({ logo: join(folder, file) })).toThrow(sentence);
});

test('a logo with a password in its URL is refused', () => {
  expect(() => serve({ logo: 'https://ada:secret@example.com/logo.png' })).toThrow(
    /without a user or a password/,
  );
});

test('files of the folder are answered, and other paths are not', () => {
  const page = chatPage({}, { folder });
  expect(page('/index.html')).toBe(page('/'));
  expect(page('/nowhere')).toBeUndefined();
  expect(() => chatPage({}, { folder: join(folder, 'none') })).toThrow(/ENOENT/);
});
