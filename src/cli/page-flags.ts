import type { Setting } from './setting.ts';

/** The settings of the chat page. */
export const pageFlags = [
  {
    flags: '--page <file>',
    env: 'HEDDLE_PAGE',
    form: 'text',
    help: 'a JSON file with the words and colours of the page (docs/page.md); the settings below win over it',
  },
  {
    flags: '--page-title <text>',
    env: 'HEDDLE_PAGE_TITLE',
    form: 'text',
    help: 'the name in the tab, on the sign-in page and of the installed app',
  },
  {
    flags: '--page-logo <file or url>',
    env: 'HEDDLE_PAGE_LOGO',
    form: 'text',
    help: 'an image: SVG, PNG, JPEG, WebP, GIF, AVIF or ICO of at most 1 MiB',
  },
  {
    flags: '--page-greeting <text>',
    env: 'HEDDLE_PAGE_GREETING',
    form: 'text',
    help: 'the heading of a new conversation',
  },
  {
    flags: '--page-introduction <text>',
    env: 'HEDDLE_PAGE_INTRODUCTION',
    form: 'text',
    help: 'a sentence below the greeting',
  },
  {
    flags: '--page-example <prompt>',
    env: 'HEDDLE_PAGE_EXAMPLES',
    form: 'texts',
    help: 'a prompt that a new conversation offers',
  },
  {
    flags: '--page-accent <colour>',
    env: 'HEDDLE_PAGE_ACCENT',
    form: 'text',
    help: 'a colour such as #0b5cad; each theme makes it darker or lighter if texts would have too little contrast',
  },
  {
    flags: '--page-language <language>',
    env: 'HEDDLE_PAGE_LANGUAGE',
    form: ['en', 'ja'],
    help: "the language of the page, if it is not the one of the user's browser",
  },
  {
    flags: '--page-link <text=url>',
    env: 'HEDDLE_PAGE_LINKS',
    form: 'texts',
    help: 'a link below the message box, such as Help=https://example.com/help',
  },
  {
    flags: '--page-footer <text>',
    env: 'HEDDLE_PAGE_FOOTER',
    form: 'text',
    help: 'a sentence below the message box',
  },
] as const satisfies readonly Setting[];
