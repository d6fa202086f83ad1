export { encode, type OutgoingFrame } from './encode.ts';
export type { Frame } from './frame.ts';
export { parse } from './parse.ts';
export { type ChunkSource, parseBatches } from './parse-batches.ts';
export { createParser, type Parser } from './parser.ts';
export type { ParserOptions } from './parser-options.ts';
export { createParserStream } from './parser-stream.ts';
export { WireError, type WireErrorCode } from './wire-error.ts';
export type { PushParserOptions } from './parser-options.ts';
