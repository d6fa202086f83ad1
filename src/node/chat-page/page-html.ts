import type { PageSettings } from './page-settings.ts';
import { toLanguage } from './to-language.ts';

/** The addresses of the page's own files, relative to the page. */
export interface OwnFiles {
  readonly logo: string;
  readonly logoType?: string;
  readonly styles: string;
  readonly manifest: string;
}

/**
 * Puts settings into the built page: its title, links to its own files, and what its script shows, as JSON in
 * a `meta` element. So the page needs no further request, and nothing inline that its policy would forbid.
 */
export function toPageHtml(built: string, settings: PageSettings, files: OwnFiles): string {
  const { title, accent: _, ...shown } = settings;
  const type = files.logoType === undefined ? '' : ` type="${files.logoType}"`;
  const head = [
    `<title>${escape(title === undefined ? 'Chat' : toLanguage(title, settings.language))}</title>`,
    `<link rel="icon"${type} href="${escape(files.logo)}" />`,
    // Safari takes no other icon for the home screen.
    ...(files.logoType === 'image/png'
      ? [`<link rel="apple-touch-icon" href="${escape(files.logo)}" />`]
      : []),
    // A sign-in in front of the server may need its cookie.
    `<link rel="manifest" crossorigin="use-credentials" href="${files.manifest}" />`,
    `<link rel="stylesheet" href="${files.styles}" />`,
    `<meta name="heddle-page" content="${escape(JSON.stringify({ ...shown, ...(title !== undefined && { title }), logo: files.logo }))}" />`,
  ];
  // A function, because `$` in a text would stand for a part of the match.
  const html = built
    .replace(/\s*<title>.*?<\/title>|\s*<link rel="icon"[^>]*>/gs, '')
    .replace('</head>', () => `  ${head.join('\n    ')}\n  </head>`);
  return html.replace('<html lang="en">', `<html lang="${settings.language ?? 'en'}">`);
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
