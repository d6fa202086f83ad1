import type { Content, ContentPart } from '../../protocol/index.ts';
import type { InputPart } from './ag-ui-message.ts';

/** Returns the content of a message in AG-UI's words. */
export function toInputParts(content: Content): string | readonly InputPart[] {
  return typeof content === 'string' ? content : content.map(toInputPart);
}

function toInputPart(part: ContentPart): InputPart {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const source = { type: 'data', value: part.data, mimeType: part.media_type } as const;
  if (part.type === 'image') return { type: 'image', source };
  const medium = part.media_type.split('/', 1)[0];
  return { type: medium === 'audio' || medium === 'video' ? medium : 'document', source };
}
