import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExitError } from './exit-error.ts';
import { readPage } from './read-page.ts';
import type { PageFlags } from './read-page.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-own-page-'));
  writeFileSync(join(folder, 'index.html'), '<html lang="en"><head></head></html>');
});
afterAll(() => rmSync(folder, { recursive: true }));

const none: PageFlags = { pageExample: [], pageLink: [] };

/** Returns the page's HTML, without character references. */
async function htmlOf(flags: Partial<PageFlags>, type: 'guide' | 'file' = 'file'): Promise<string> {
  const { page } = await readPage({ ...none, ...flags }, { type }, folder);
  const reply = page?.('/');
  const html = reply?.type === 'whole' ? Buffer.from(reply.body ?? '').toString() : '';
  return html.replaceAll('&#34;', '"').replaceAll('&#39;', "'");
}

function toFile(content: unknown, name = 'page.json'): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test("the guide's words are on the guide's page only, and any of them can be replaced", async () => {
  expect(await htmlOf({}, 'guide')).toMatch(/<title>Heddle<\/title>.*Tokyo/s);
  expect(await htmlOf({})).not.toMatch(/Heddle|Tokyo/);
  const own = await htmlOf({ pageTitle: 'Acme' }, 'guide');
  expect(own).toContain('<title>Acme</title>');
  expect(own).toContain('Tokyo');
});

test('a flag wins over the file', async () => {
  const page = toFile({ title: 'From the file', footer: 'Also from the file.' });
  const html = await htmlOf({ page, pageTitle: 'From the flag', pageLink: ['Help=/help?a=b'] });
  expect(html).toContain('<title>From the flag</title>');
  expect(html).toContain('"footer":"Also from the file."');
  expect(html).toContain('"links":[{"text":"Help","url":"/help?a=b"}]');
});

test('the path of a logo in the file is relative to the file', async () => {
  mkdirSync(join(folder, 'brand'));
  toFile('<svg xmlns="http://www.w3.org/2000/svg"/>', 'brand/logo.svg');
  expect(await htmlOf({ page: toFile({ logo: 'logo.svg' }, 'brand/page.json') })).toMatch(
    /assets\/logo-.*svg/,
  );
});

test.each<[Partial<PageFlags>, RegExp]>([
  [{ pageTitle: ' ' }, /^--page-title must be a text of 1 to 60 characters/],
  [{ pageAccent: 'teal' }, /^--page-accent must be a colour such as #0b5cad, but it is the text "teal"/],
  [{ pageLogo: '/nowhere.png' }, /^--page-logo must be the path .* \/nowhere\.png cannot be read \(ENOENT\)/],
  [{ pageLink: ['Help'] }, /^--page-link must be a text and an address, such as Help=\/help, but it is Help/],
  [{ pageLink: ['Help=javascript:x'] }, /^--page-link must be an address with http/],
  [{ pageExample: ['x'.repeat(2_001)] }, /^--page-example must be/],
  [{ page: '/nowhere.json' }, /^--page must name a JSON file, but \/nowhere\.json cannot be read \(ENOENT\)/],
])('%j is refused by the name of its flag', async (flags, sentence) => {
  const refused = readPage({ ...none, ...flags }, { type: 'file' }, folder);
  await expect(refused).rejects.toThrow(sentence);
  await expect(refused).rejects.toThrow(ExitError);
});

test.each([
  ['{', /is not JSON/],
  ['[]', /^--page must name a file with one JSON object/],
  ['{"colour":"red"}', /page\.json: it has no field "colour"; the fields are title/],
  ['{"links":[{"text":"Help","url":"x"}]}', /page\.json: links\[0\]\.url must be an address/],
])('a file with %s is refused by its name', async (content, sentence) => {
  await expect(readPage({ ...none, page: toFile(content) }, { type: 'file' }, folder)).rejects.toThrow(
    sentence,
  );
});
