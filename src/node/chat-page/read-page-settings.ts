import { describe, isRecord } from '../../protocol/internal.ts';
import type { PageExample, PageLink, PageSettings, PageText } from './page-settings.ts';

/** Returns how a sentence names a setting, such as `links[0].url`; the whole without one. */
export type NameSetting = (setting?: string) => string;

/** Decodes a value, which is at a path such as `links[0].url`. Throws a WrongSettingError. */
type Read<Value> = (value: unknown, path: string) => Value;

/** A value that cannot be used, at its path. The message says what it must be. */
class WrongSettingError extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

const names = [
  'title',
  'logo',
  'greeting',
  'introduction',
  'examples',
  'accent',
  'language',
  'links',
  'footer',
];

/**
 * Decodes settings that were given as any value. A field that is undefined counts as missing. Throws a
 * TypeError that names the setting, the value and what to change.
 */
export function readPageSettings(value: unknown, name: NameSetting): PageSettings {
  try {
    return toSettings(value);
  } catch (error) {
    if (!(error instanceof WrongSettingError)) throw error;
    throw new TypeError(`${error.path === '' ? name() : name(error.path)} ${error.message}`, {
      cause: error,
    });
  }
}

function toSettings(value: unknown): PageSettings {
  const { title, logo, greeting, introduction, examples, accent, language, links, footer } = toFields(
    value,
    '',
    names,
  );
  return {
    ...(title !== undefined && { title: toText(60)(title, 'title') }),
    ...(logo !== undefined && { logo: toLogo(logo, 'logo') }),
    ...(greeting !== undefined && { greeting: toText(200)(greeting, 'greeting') }),
    ...(introduction !== undefined && { introduction: toText(500)(introduction, 'introduction') }),
    ...(examples !== undefined && { examples: toList(8, toExample)(examples, 'examples') }),
    ...(accent !== undefined && { accent: toColour(accent, 'accent') }),
    ...(language !== undefined && { language: toPageLanguage(language, 'language') }),
    ...(links !== undefined && { links: toList(10, toLink)(links, 'links') }),
    ...(footer !== undefined && { footer: toText(500)(footer, 'footer') }),
  };
}

/** Returns an object that has no other fields than these. */
function toFields(value: unknown, path: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  const list = known.join(', ');
  if (!isRecord(value) || Array.isArray(value))
    throw new WrongSettingError(
      path,
      `must be an object with some of ${list}, but it is ${describe(value)}.`,
    );
  const other = Object.keys(value).find((key) => !known.includes(key));
  if (other !== undefined)
    throw new WrongSettingError(path, `has no field "${other}"; the fields are ${list}.`);
  return value;
}

function toText(most: number): Read<PageText> {
  const toOne = (value: unknown, path: string): string => {
    if (typeof value === 'string' && value.trim() !== '' && value.length <= most) return value.trim();
    throw new WrongSettingError(
      path,
      `must be a text of 1 to ${most} characters, or one for each language as { "en": "…", "ja": "…" }, but it is ${describe(value)}.`,
    );
  };
  return (value, path) => {
    if (!isRecord(value) || Array.isArray(value)) return toOne(value, path);
    const texts = Object.entries(value);
    const areLanguages = texts.every(([language]) => /^[a-z]{2,3}(?:-[A-Za-z\d]+)*$/.test(language));
    if (areLanguages && texts.length > 0)
      return Object.fromEntries(
        texts.map(([language, text]) => [language, toOne(text, `${path}.${language}`)]),
      );
    throw new WrongSettingError(
      path,
      `must be a text, or one for each language as { "en": "…", "ja": "…" }, but it is ${describe(value)}.`,
    );
  };
}

function toList<Item>(most: number, toItem: Read<Item>): Read<readonly Item[]> {
  return (value, path) => {
    if (Array.isArray(value) && value.length <= most)
      return value.map((item: unknown, index) => toItem(item, `${path}[${index}]`));
    throw new WrongSettingError(path, `must be a list of at most ${most}, but it is ${describe(value)}.`);
  };
}

function toExample(value: unknown, path: string): PageExample {
  const isPrompt = typeof value === 'string';
  const { title, prompt } = isPrompt ? { prompt: value } : toFields(value, path, ['title', 'prompt']);
  return {
    ...(title !== undefined && { title: toText(80)(title, `${path}.title`) }),
    prompt: toText(2_000)(prompt, isPrompt ? path : `${path}.prompt`),
  };
}

function toLink(value: unknown, path: string): PageLink {
  const { text, url } = toFields(value, path, ['text', 'url']);
  return { text: toText(80)(text, `${path}.text`), url: toAddress(url, `${path}.url`) };
}

function toAddress(value: unknown, path: string): string {
  const isAddress =
    typeof value === 'string' &&
    value.length <= 2_000 &&
    // A browser leaves out line breaks and tabs, so `java\nscript:` would be a script.
    !/[\s\p{Cc}]/u.test(value) &&
    /^(?:(?:https?:\/\/|mailto:|tel:).|\.{0,2}\/|[?#])/i.test(value);
  if (isAddress) return value;
  throw new WrongSettingError(
    path,
    `must be an address with http, https, mailto or tel, or a path such as /terms, but it is ${describe(value)}.`,
  );
}

function toColour(value: unknown, path: string): string {
  const [, digits = ''] =
    typeof value === 'string' ? (/^#([\da-f]{3}|[\da-f]{6})$/i.exec(value.trim()) ?? []) : [];
  if (digits === '')
    throw new WrongSettingError(path, `must be a colour such as #0b5cad, but it is ${describe(value)}.`);
  return `#${(digits.length === 6 ? digits : digits.replaceAll(/./g, '$&$&')).toLowerCase()}`;
}

function toPageLanguage(value: unknown, path: string): 'en' | 'ja' {
  if (value === 'en' || value === 'ja') return value;
  throw new WrongSettingError(
    path,
    `must be en or ja, the languages of the page, but it is ${describe(value)}.`,
  );
}

function toLogo(value: unknown, path: string): string | URL {
  if (value instanceof URL || (typeof value === 'string' && value.trim() !== '')) return value;
  throw new WrongSettingError(path, `must be the path or the URL of an image, but it is ${describe(value)}.`);
}
