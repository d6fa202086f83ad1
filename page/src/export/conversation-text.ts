import { toText } from 'heddle';
import type { AgentMessage, Content, MessageState, PartState, SentMessage } from 'heddle';
import { pretty } from '../parts/pretty.ts';
import { strings } from '../strings/strings.ts';

/** A conversation to export. */
export interface ExportedConversation {
  readonly session: string;
  readonly title: string;
  /** When it was exported, in milliseconds since 1970. */
  readonly at: number;
  readonly messages: readonly MessageState[];
}

/** Returns a conversation as JSON: all that the page knows of it. */
export function conversationJson({ session, title, at, messages }: ExportedConversation): string {
  return `${JSON.stringify({ session, title, exportedAt: new Date(at).toISOString(), messages }, undefined, 2)}\n`;
}

/** Returns a conversation as markdown: what was said, with tools, without thoughts. */
export function conversationMarkdown({ title, at, messages }: ExportedConversation): string {
  const said = messages.map((message) => (message.role === 'user' ? ofUser(message) : ofAgent(message)));
  return `${[`# ${title}`, `*${new Date(at).toISOString()}*`, ...said].filter((text) => text !== '').join('\n\n')}\n`;
}

/** Returns a file name of a title that every system allows. */
export function fileName(title: string, extension: 'md' | 'json'): string {
  const plain = title
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\\/:*?"<>|\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[. ]+|[. ]+$/g, '');
  const name = Array.from(plain).slice(0, 60).join('').trim();
  return `${name === '' ? 'conversation' : name}.${extension}`;
}

function ofUser({ content, status }: SentMessage): string {
  if (status === 'withdrawn') return '';
  return [`## ${strings.you}`, toText(content), ...attachments(content)]
    .filter((text) => text !== '')
    .join('\n\n');
}

function attachments(content: Content): readonly string[] {
  if (typeof content === 'string') return [];
  return content.flatMap((part) => {
    if (part.type === 'text') return [];
    const kind = part.type === 'image' ? strings.image : strings.file;
    return [`*${kind}: ${part.type === 'file' && part.name !== undefined ? part.name : part.media_type}*`];
  });
}

function ofAgent({ parts, outcome, error }: AgentMessage): string {
  const said = parts.map(partText).filter((text) => text !== '');
  if (outcome === 'cancelled') said.push(`*${strings.cancelled}*`);
  if (outcome === 'failed') said.push(`*${strings.failed}: ${error?.message ?? strings.failedPlain}*`);
  return said.length === 0 ? '' : [`## ${strings.agent}`, ...said].join('\n\n');
}

function partText(part: PartState): string {
  switch (part.type) {
    case 'text':
      return part.text.trim();
    case 'tool':
      // It goes on in a later message.
      if (part.status === 'waiting') return '';
      return [
        `**${part.tool}** · ${strings.toolStatus[part.status]}`,
        fenced(part.input ?? part.inputText),
        fenced(part.output),
      ]
        .filter((text) => text !== '')
        .join('\n\n');
    case 'reasoning':
    case 'approval':
    case 'custom':
      return '';
  }
}

function fenced(value: unknown): string {
  const text = value === undefined || value === '' ? '' : pretty(value);
  if (text === '') return '';
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${typeof value === 'string' ? '' : 'json'}\n${text}\n${fence}`;
}
