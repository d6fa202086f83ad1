import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { chatPage } from 'heddle/node';
import { isRecord } from '../../protocol/internal.ts';
import { packageRoot } from '../package-root.ts';
import type { AgentSource } from './agent/open-agent.ts';
import { ExitError } from './exit-error.ts';

/** The flags of the chat page. */
export interface PageFlags {
  /** A JSON file. */
  readonly page?: string;
  readonly pageTitle?: string;
  readonly pageLogo?: string;
  readonly pageGreeting?: string;
  readonly pageIntroduction?: string;
  readonly pageExample: readonly string[];
  readonly pageAccent?: string;
  readonly pageLanguage?: string;
  readonly pageLink: readonly string[];
  readonly pageFooter?: string;
}

/** Settings of the page that were not checked yet, by their names. */
type Given = Readonly<Record<string, unknown>>;

/**
 * Returns the chat page; nothing if it is not built. Flags win over the file, and the file over the words of
 * the guide, which only the guide's page has. Throws an ExitError that names the flag or the file.
 */
export async function readPage(
  flags: PageFlags,
  source: Pick<AgentSource, 'type'>,
  folder: string = join(packageRoot, 'dist', 'page'),
): Promise<{ readonly page?: ReturnType<typeof chatPage> }> {
  const words: Given = source.type === 'guide' ? (await import('../../guide/index.ts')).pageWords : {};
  const file = flags.page === undefined ? {} : readFile(flags.page);
  const own = toOwn(flags);
  const name = (setting?: string): string => {
    const [key = ''] = setting?.split(/[.[]/, 1) ?? [];
    // The place in a list of flags says little, and the value is in the sentence.
    return Object.hasOwn(own, key) ? toFlag(key) : `${flags.page}: ${setting ?? 'it'}`;
  };
  if (!existsSync(join(folder, 'index.html'))) return {};
  try {
    return { page: chatPage({ ...words, ...file, ...own }, { folder, name }) };
  } catch (error) {
    throw error instanceof TypeError ? new ExitError(error.message) : error;
  }
}

function toFlag(setting: string): string {
  return `--page-${setting.replace(/s$/, '')}`;
}

/** Returns what the flags set, without those that are not given. */
function toOwn(flags: PageFlags): Given {
  const own = {
    title: flags.pageTitle,
    logo: flags.pageLogo,
    greeting: flags.pageGreeting,
    introduction: flags.pageIntroduction,
    examples: flags.pageExample.length > 0 ? flags.pageExample : undefined,
    accent: flags.pageAccent,
    language: flags.pageLanguage,
    links: flags.pageLink.length > 0 ? flags.pageLink.map(toLink) : undefined,
    footer: flags.pageFooter,
  };
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}

function toLink(given: string): Given {
  const [, text, url] = /^([^=]+)=(.+)$/.exec(given) ?? [];
  if (text === undefined || url === undefined)
    throw new ExitError(`--page-link must be a text and an address, such as Help=/help, but it is ${given}`);
  return { text: text.trim(), url: url.trim() };
}

function readFile(path: string): Given {
  const settings = parse(path);
  if (!isRecord(settings) || Array.isArray(settings))
    throw new ExitError(`--page must name a file with one JSON object, and ${path} has none.`);
  const { logo } = settings;
  const isPath = typeof logo === 'string' && !/^[a-z][a-z\d+.-]+:/i.test(logo);
  // A path in the file is relative to the file.
  return isPath ? { ...settings, logo: resolve(dirname(path), logo) } : settings;
}

function parse(path: string): unknown {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ExitError(`--page must name a JSON file, but ${path} cannot be read (${code}).`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ExitError(`--page must name a JSON file, but ${path} is not JSON: ${String(error)}`);
  }
}
