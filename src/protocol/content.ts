/** The content of a message: plain text, or parts in order. */
export type Content = string | readonly ContentPart[];

export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly media_type: string; readonly data: string }
  | { readonly type: 'file'; readonly media_type: string; readonly data: string; readonly name?: string };

/** Joins the text of a content and leaves out images and files. */
export function toText(content: Content): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
