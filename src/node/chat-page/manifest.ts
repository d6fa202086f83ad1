import type { PageSettings } from './page-settings.ts';
import { toLanguage } from './to-language.ts';

/** An icon of the installed app. */
export interface AppIcon {
  readonly src: string;
  readonly sizes: string;
  readonly type?: string;
  readonly purpose: 'any' | 'maskable';
}

/**
 * Returns the manifest of the page as an installed app, as JSON. Its URLs are relative to its own, so it is
 * right under any path.
 */
export function toManifest(
  { title = 'Chat', language }: PageSettings,
  colour: string,
  icons: readonly AppIcon[],
): string {
  const name = toLanguage(title, language);
  return JSON.stringify({
    name,
    short_name: name,
    // No id: it would belong to the whole origin. Without one, the start URL tells one page from another.
    start_url: './',
    scope: './',
    display: 'standalone',
    ...(language !== undefined && { lang: language }),
    background_color: '#fbfbf9',
    theme_color: colour,
    icons,
  });
}
