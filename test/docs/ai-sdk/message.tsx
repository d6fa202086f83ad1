// message.tsx
import type { UIMessage } from 'ai';
import { toShownParts } from 'heddle/ai-sdk';

export const Message = ({ parts }: UIMessage) => (
  <p>{toShownParts(parts).map((part) => (part.type === 'text' ? part.text : ''))}</p>
);
