import icon from '../icon.svg';
import type { Strings } from '../strings/english.ts';
import { strings } from '../strings/strings.ts';
import { ownSettings } from './own-settings.ts';
import type { OwnSettings, OwnText } from './own-settings.ts';

/** An offer to send a prompt. */
interface Example {
  readonly title?: string;
  readonly prompt: string;
}

/** The embedder's own words of the page, in the language of the page. */
export interface OwnWords {
  readonly title: string;
  readonly logo: string;
  readonly greeting: string;
  readonly introduction: string | undefined;
  readonly examples: readonly Example[];
  readonly links: readonly { readonly text: string; readonly url: string }[];
  readonly footer: string | undefined;
}

export const ownWords: OwnWords = toOwnWords(ownSettings, strings);

/** Chooses the texts of a language, and neutral ones in place of those that are not set. */
export function toOwnWords(settings: OwnSettings, neutral: Strings): OwnWords {
  const { title, logo = icon, greeting, introduction, examples = [], links = [], footer } = settings;
  const choose = (text: OwnText): string =>
    typeof text === 'string' ? text : (text[neutral.language] ?? text['en'] ?? Object.values(text)[0] ?? '');
  const chooseAny = (text: OwnText | undefined): string | undefined =>
    text === undefined ? undefined : choose(text);
  return {
    title: chooseAny(title) ?? neutral.product,
    logo,
    greeting: chooseAny(greeting) ?? neutral.greeting,
    // The neutral sentence fits only the neutral question.
    introduction: chooseAny(introduction) ?? (greeting === undefined ? neutral.introduction : undefined),
    examples: examples.map((example) => ({
      ...(example.title !== undefined && { title: choose(example.title) }),
      prompt: choose(example.prompt),
    })),
    links: links.map(({ text, url }) => ({ text: choose(text), url })),
    footer: chooseAny(footer),
  };
}
