import type { PartState } from 'heddle';

/** What a part says in plain words, whatever else it holds. */
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
