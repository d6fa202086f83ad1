/**
 * Returns a URL from a model's answer when its scheme is http, https or mailto, and an empty string
 * otherwise. It also refuses relative URLs, because they would point into the server of this page.
 */
export function safeUrl(url: string): string {
  return /^(?:https?:\/\/|mailto:)/i.test(url) ? url : '';
}
