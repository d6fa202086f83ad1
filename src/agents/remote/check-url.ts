/**
 * Throws a TypeError if a text is no URL of an agent. Credentials in a URL are refused, because URLs are
 * printed: they belong into headers.
 */
export function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:', 'unix:'].includes(parsed.protocol))
    throw new TypeError('The URL of an agent begins with http:, https: or unix:.');
  if (parsed.username !== '' || parsed.password !== '')
    throw new TypeError('The URL of an agent has no credentials; send them in a header.');
}
