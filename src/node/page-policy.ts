/**
 * Returns the Content-Security-Policy of the page: it may load files from, and connect to, its own server
 * only. `image` is the URL of one image elsewhere that it may show as well.
 */
export function pagePolicy(image?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    // A semicolon or a comma would end the source, and a query takes no part in the comparison.
    `img-src 'self' data:${image === undefined ? '' : ` ${toSource(image)}`}`,
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // The page never turns text into markup, so no Trusted Types policy may be created.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function toSource(image: string): string {
  const { origin, pathname } = new URL(image);
  return `${origin}${pathname.replaceAll(';', '%3B').replaceAll(',', '%2C')}`;
}
