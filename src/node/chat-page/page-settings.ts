/** A text for all users, or one for each language: `{ en: 'Help', ja: 'ヘルプ' }`. */
export type PageText = string | Readonly<Record<string, string>>;

/** The languages of the chat page. */
export type PageLanguage = 'en' | 'ja';

/** A prompt that the start of a conversation offers. */
export interface PageExample {
  /** A few words above the prompt. */
  readonly title?: PageText;
  /** The message that a click sends. */
  readonly prompt: PageText;
}

/** A link below the message box and on the sign-in page. It opens in a tab of its own. */
export interface PageLink {
  readonly text: PageText;
  /** An address with http, https, mailto or tel, or a path such as `/terms`. */
  readonly url: string;
}

/**
 * The embedder's own words and colours of the chat page. All of them are public: the page shows them before a
 * sign-in.
 */
export interface PageSettings {
  /** The name in the tab, in the sidebar, on the sign-in page and of the installed app. @default 'Chat' */
  readonly title?: PageText;
  /**
   * An image: the path of a file (SVG, PNG, JPEG, WebP, GIF, AVIF or ICO) of at most 1 MiB, or its URL with
   * `https:`, `http:` or `data:`. It is the icon of the installed app as well. The page may then load images
   * of that one URL.
   * @default a speech bubble in the accent colour
   */
  readonly logo?: string | URL;
  /** The heading of a new conversation. @default a question in the user's language */
  readonly greeting?: PageText;
  /** A sentence below the greeting. @default a sentence, if there is no `greeting` either */
  readonly introduction?: PageText;
  /** At most eight prompts; a text is a prompt without a title. @default [] */
  readonly examples?: readonly (PageExample | string)[];
  /**
   * A colour as `#rgb` or `#rrggbb`. Each theme shows it as it is if texts in it and on it have a contrast of
   * 4.5:1 (WCAG AA), and otherwise darker or lighter by as little as that takes.
   * @default '#14605c'
   */
  readonly accent?: string;
  /** The language of the page. @default the first of the user's languages that the page has */
  readonly language?: PageLanguage;
  /** At most ten. @default [] */
  readonly links?: readonly PageLink[];
  /** A sentence below the message box and on the sign-in page. @default none */
  readonly footer?: PageText;
}
