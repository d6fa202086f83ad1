/**
 * Lets a link of a model's answer through, or not: http, https and mailto only. Anything relative is refused too: it would
 * point into the server that serves this page.
 */
export function safeUrl(url: string): string {
  return /^(?:https?:\/\/|mailto:)/i.test(url) ? url : '';
}
