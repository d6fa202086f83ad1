import { isObject } from '../parts/is-object.ts';

/** A text for all users, or one for each language. */
export type OwnText = string | Readonly<Record<string, string>>;

/** The settings of the page, as the server has them. The server has checked it. */
export interface OwnSettings {
  readonly title?: OwnText;
  /** The address of an image. */
  readonly logo?: string;
  readonly greeting?: OwnText;
  readonly introduction?: OwnText;
  readonly examples?: readonly { readonly title?: OwnText; readonly prompt: OwnText }[];
  readonly language?: string;
  readonly links?: readonly { readonly text: OwnText; readonly url: string }[];
  readonly footer?: OwnText;
}

/** The settings in the page's HTML; none where another server serves the files of the page. */
export const ownSettings: OwnSettings = readSettings();

function readSettings(): OwnSettings {
  if (typeof document === 'undefined') return {};
  const text = document.querySelector<HTMLMetaElement>('meta[name="heddle-page"]')?.content;
  const settings: unknown = text === undefined ? {} : JSON.parse(text);
  return isObject(settings) ? settings : {};
}
