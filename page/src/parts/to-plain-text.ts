import type { PartState } from 'heddle';

/** Returns the plain text of a part, without its other content. */
export function toPlainText(part: PartState): string {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return part.text;
    case 'tool':
      return part.tool;
    case 'custom':
      return part.name;
    case 'approval':
      return '';
  }
}
