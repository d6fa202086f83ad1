export { encode, type OutgoingFrame } from './encode.ts';
export type { Frame } from './frame.ts';
export { type ChunkSource, parse, parseBatches } from './parse.ts';
export { createParser, type Parser } from './parser.ts';
export type { ParserOptions, PushParserOptions } from './parser-options.ts';
export { createParserStream } from './parser-stream.ts';
export { WireError, type WireErrorCode } from './wire-error.ts';
