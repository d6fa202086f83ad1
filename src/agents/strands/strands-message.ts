import type { JsonValue } from '../kit/index.ts';

/** A message as the SDK accepts it (`MessageData`): plain data, without the SDK's classes. */
export interface StrandsMessage {
  role: 'user' | 'assistant';
  content: StrandsBlock[];
  /** The SDK's id for the message, which copies of the message keep. */
  trackingId?: string;
}

/** A part of a message as the SDK accepts it (`ContentBlockData`). */
export type StrandsBlock =
  | { text: string }
  | { image: { format: StrandsImageFormat; source: { bytes: Uint8Array } } }
  | { document: { name: string; format: StrandsDocumentFormat; source: { bytes: Uint8Array } } }
  | { toolUse: { name: string; toolUseId: string; input: JsonValue } }
  | { toolResult: { toolUseId: string; status: 'success' | 'error'; content: StrandsResult[] } };

export type StrandsResult = { text: string } | { json: JsonValue };

export type StrandsImageFormat = 'png' | 'jpeg' | 'gif' | 'webp';
export type StrandsDocumentFormat =
  | 'pdf'
  | 'csv'
  | 'doc'
  | 'docx'
  | 'xls'
  | 'xlsx'
  | 'html'
  | 'txt'
  | 'md'
  | 'json'
  | 'xml';
