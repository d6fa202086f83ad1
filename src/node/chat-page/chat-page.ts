import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reply } from '../../server/index.ts';
import { answerPageFile, toPageFile } from '../page-file.ts';
import type { FileRequest, PageFile, PageFileOptions } from '../page-file.ts';
import { pageFiles } from '../page-files.ts';
import { pagePolicy } from '../page-policy.ts';
import { toIcon } from './icon.ts';
import { openLogo, toDefaultLogo } from './logo.ts';
import type { Logo } from './logo.ts';
import { toManifest } from './manifest.ts';
import type { AppIcon } from './manifest.ts';
import { toPageHtml } from './page-html.ts';
import type { PageSettings } from './page-settings.ts';
import { toPageStyles } from './page-styles.ts';
import { readPageSettings } from './read-page-settings.ts';
import type { NameSetting } from './read-page-settings.ts';

/** Where the chat page comes from, and how errors name its settings. */
export interface ChatPageOptions {
  /**
   * The folder of the built page. A server that is bundled into one file has to name it:
   * `node_modules/heddle/dist/page`.
   * @default the one of this package
   */
  readonly folder?: string;
  /** @default `page.title` for the title, and so on */
  readonly name?: NameSetting;
}

/** The colour of the page without an `accent`. */
const standard = '#14605c';

/**
 * Returns the chat page for the option `page` of `createServer`, with the embedder's own words and colours.
 * Reads all files once. Throws a TypeError that names the setting if one cannot be used, and an Error if the
 * page is not in its folder.
 */
export function chatPage(
  given: PageSettings = {},
  { folder = findFolder(), name = nameOption }: ChatPageOptions = {},
): (path: string, request?: FileRequest) => Reply | undefined {
  const settings = readPageSettings(given, name);
  const colour = settings.accent ?? standard;
  const logo = settings.logo === undefined ? toDefaultLogo(colour) : openLogo(settings.logo, name('logo'));
  const policy = pagePolicy(logo.type === 'elsewhere' ? logo.url : undefined);
  const files = pageFiles(folder);
  const own = new Map<string, PageFile>();

  /** Adds a file under a name that contains a hash of its content. Returns its address. */
  const addHashed = (prefix: string, ending: string, type: string, body: Uint8Array<ArrayBuffer>): string => {
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 8);
    const path = `/assets/${prefix}-${hash}.${ending}`;
    own.set(path, toFile(body, { type, policy: fileOnly, isHashed: true }));
    return `.${path}`;
  };
  const addLogo = (shown: Logo): string =>
    shown.type === 'elsewhere'
      ? shown.url
      : addHashed('logo', shown.kind.ending, shown.kind.mime, shown.body);

  const src = addLogo(logo);
  const styles = addHashed('own', 'css', 'text/css; charset=utf-8', toBytes(toPageStyles(colour)));
  const icons: AppIcon[] = [
    logo.type === 'elsewhere'
      ? { src, sizes: 'any', purpose: 'any' }
      : { src, sizes: logo.kind.sizes, type: logo.kind.mime, purpose: 'any' },
  ];
  if (settings.logo === undefined) {
    const maskable = addHashed('icon', 'svg', 'image/svg+xml', toBytes(toIcon(colour, 'maskable')));
    icons.push({ src: maskable, sizes: 'any', type: 'image/svg+xml', purpose: 'maskable' });
  }
  const manifest = toBytes(toManifest(settings, colour, icons));
  own.set(
    '/manifest.webmanifest',
    toFile(manifest, { type: 'application/manifest+json', policy: fileOnly, isHashed: false }),
  );
  const html = toPageHtml(readFileSync(join(folder, 'index.html'), 'utf8'), settings, {
    logo: src,
    ...(logo.type === 'file' && { logoType: logo.kind.mime }),
    styles,
    manifest: './manifest.webmanifest',
  });
  const page = toFile(toBytes(html), { type: 'text/html; charset=utf-8', policy, isHashed: false });
  own.set('/', page).set('/index.html', page);
  return (path, request) => {
    const file = own.get(path);
    return file === undefined ? files(path, request) : answerPageFile(file, request);
  };
}

/** A logo may be an SVG with scripts in it. Opened by itself, it runs none, and only its own styles count. */
const fileOnly = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

function toFile(body: Uint8Array<ArrayBuffer>, options: PageFileOptions): PageFile {
  return toPageFile([['identity', body]], options);
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function nameOption(setting?: string): string {
  return setting === undefined ? 'page' : `page.${setting}`;
}

/** Finds the folder of the built page from this file, which is in `dist` or in `src`. */
function findFolder(): string {
  const folders = ['../../page/', '../../../dist/page/'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const found = folders.find((folder) => existsSync(join(folder, 'index.html')));
  if (found !== undefined) return found;
  throw new Error(
    'The chat page is not beside this file. If the server is bundled, name the folder: chatPage(settings, { folder: "node_modules/heddle/dist/page" }).',
  );
}
