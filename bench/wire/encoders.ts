import { createRequire } from 'node:module';
import { encode } from 'heddle/wire';

/** An event with the fields that all encoders have. */
export interface EncoderInput {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

export type Encoder = (frame: EncoderInput) => string;

/** The encoders that are compared. Peers that are not installed are left out. */
export const encoders: Readonly<Record<string, Encoder>> = {
  heddle: ({ event, id, data }) => encode({ event, id, data }),
  ...loadEncoder(),
  ...loadBetterSse(),
};

function loadEncoder(): Record<string, Encoder> {
  const loaded = load('eventsource-encoder');
  return hasEncode(loaded)
    ? { 'eventsource-encoder': ({ event, id, data }) => loaded.encode({ event, id, data }) }
    : {};
}

function loadBetterSse(): Record<string, Encoder> {
  const loaded = load('better-sse');
  if (!hasEventBuffer(loaded)) return {};
  const serializer = (data: string): string => data;
  return {
    'better-sse': ({ event, id, data }) =>
      loaded.createEventBuffer({ serializer }).push(data, event, id).read(),
  };
}

function load(name: string): unknown {
  try {
    return createRequire(import.meta.url)(name);
  } catch {
    return undefined;
  }
}

function hasEncode(value: unknown): value is { readonly encode: Encoder } {
  return typeof value === 'object' && value !== null && 'encode' in value;
}

interface EventBuffer {
  push(data: string, event: string, id: string): EventBuffer;
  read(): string;
}

interface BetterSse {
  createEventBuffer(options: { readonly serializer: (data: string) => string }): EventBuffer;
}

function hasEventBuffer(value: unknown): value is BetterSse {
  return typeof value === 'object' && value !== null && 'createEventBuffer' in value;
}
