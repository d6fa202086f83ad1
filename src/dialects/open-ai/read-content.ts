import type { Content, ContentPart } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import { readDataUrl } from '../data-url.ts';
import { refuseInput, toTextOrNone } from './read-fields.ts';
import type { OpenAiFields } from './read-fields.ts';

/**
 * Reads the content of a message of a user, in the words of Chat Completions or of Responses. Data becomes an
 * image or a file. An address becomes a text with the address, because the server opens no addresses for its
 * callers. Throws a RefusalError for anything else.
 */
export function readUserContent(content: unknown): Content {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw refuseInput("The content of a user's message is a text or a list.");
  const parts = content.map((part: unknown) => readPart(isRecord(part) ? part : {}));
  const [only] = parts;
  return only?.type === 'text' && parts.length === 1 ? only.text : parts;
}

/** Joins the texts of a content; empty if it has none. A refusal of a model is a text, too. */
export function joinContentTexts(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) =>
      isRecord(part) ? (toTextOrNone(part['text']) ?? toTextOrNone(part['refusal']) ?? '') : '',
    )
    .join('');
}

/** Joins contents to one. Texts become paragraphs. */
export function joinContents(contents: readonly Content[]): Content {
  if (contents.every((each) => typeof each === 'string')) return contents.join('\n\n');
  return contents.flatMap((each) => (typeof each === 'string' ? [{ type: 'text', text: each }] : each));
}

function readPart(part: OpenAiFields): ContentPart {
  const { type } = part;
  switch (type) {
    case 'text':
    case 'input_text':
      return { type: 'text', text: toTextOrNone(part['text']) ?? '' };
    case 'image_url':
    case 'input_image': {
      const { image_url: image } = part;
      const url = toTextOrNone(isRecord(image) ? image['url'] : image);
      return url === undefined ? refuseStored(part, 'image_url') : readUrl(url, undefined);
    }
    case 'input_audio': {
      const { data, format } = isRecord(part['input_audio']) ? part['input_audio'] : part;
      if (typeof data !== 'string') throw refuseInput('A part "input_audio" has no data.');
      if (typeof format !== 'string' || !/^[\w.+-]+$/.test(format))
        throw refuseInput('A part "input_audio" needs a "format" such as "wav" or "mp3".');
      return toMedium({ media_type: format === 'mp3' ? 'audio/mpeg' : `audio/${format}`, data });
    }
    case 'file':
    case 'input_file': {
      const file = isRecord(part['file']) ? part['file'] : part;
      const name = toTextOrNone(file['filename']);
      const data = toTextOrNone(file['file_data']);
      const url = toTextOrNone(file['file_url']);
      if (data !== undefined) return readFileData(data, name);
      return url === undefined ? refuseStored(file, 'file_data') : readUrl(url, name);
    }
    default:
      throw refuseInput(
        `A user's message has a part of type ${JSON.stringify(type)}. Heddle takes text, images, audio and files.`,
      );
  }
}

function refuseStored(part: OpenAiFields, field: string): never {
  const isStored = typeof part['file_id'] === 'string';
  throw refuseInput(
    isStored
      ? `This server stores no files, so "file_id" names none: send the data as "${field}".`
      : `A part has no "${field}".`,
  );
}

/** OpenAI takes the data of a file as a `data:` URL, and as base64 without a type. */
function readFileData(text: string, name: string | undefined): ContentPart {
  if (/^data:/i.test(text)) return readUrl(text, name);
  const media_type = /\.pdf$/i.test(name ?? '') ? 'application/pdf' : 'application/octet-stream';
  return toMedium({ media_type, data: text }, name);
}

function readUrl(url: string, name: string | undefined): ContentPart {
  const found = readDataUrl(url);
  if (found === 'broken') throw refuseInput('A part has a data: URL that cannot be read.');
  if (found === undefined) return { type: 'text', text: name === undefined ? url : `${name}: ${url}` };
  return toMedium(found, name);
}

function toMedium(
  { media_type, data }: { readonly media_type: string; readonly data: string },
  name?: string,
): ContentPart {
  if (media_type.startsWith('image/')) return { type: 'image', media_type, data };
  return { type: 'file', media_type, data, ...(name !== undefined && { name }) };
}
