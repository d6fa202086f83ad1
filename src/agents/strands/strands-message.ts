/** A message as the SDK takes it (`MessageData`): plain data, so that none of its classes is needed here. */
export interface StrandsMessage {
  role: 'user' | 'assistant';
  content: StrandsBlock[];
  /** The SDK's name for the message, which it keeps however it is copied. */
  trackingId?: string;
}

/** A part of a message as the SDK takes it (`ContentBlockData`). */
export type StrandsBlock =
  | { text: string }
  | { image: { format: StrandsImageFormat; source: { bytes: Uint8Array } } }
  | { document: { name: string; format: StrandsDocumentFormat; source: { bytes: Uint8Array } } }
  | { toolUse: { name: string; toolUseId: string; input: StrandsJson } }
  | { toolResult: { toolUseId: string; status: 'success' | 'error'; content: StrandsResult[] } };

export type StrandsResult = { text: string } | { json: StrandsJson };

export type StrandsJson = string | number | boolean | null | StrandsJson[] | { [key: string]: StrandsJson };

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
