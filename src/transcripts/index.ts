export { advance } from './advance.ts';
export { createTranscripts } from './transcripts.ts';
export type { TranscriptOptions, Transcripts } from './transcripts.ts';
export type { Transcript } from './transcript.ts';
export { toJsonText } from './to-json-text.ts';
export { pageBack, toWindow } from './window.ts';
