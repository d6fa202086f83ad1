/** Returns an image or a file as a `data:` URL. */
export function toDataUrl(part: { readonly media_type: string; readonly data: string }): string {
  return `data:${part.media_type};base64,${part.data}`;
}
