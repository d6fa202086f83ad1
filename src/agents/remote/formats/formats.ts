import type { RemoteFormat } from '../remote-format.ts';
import { a2aFormat } from './a2a.ts';
import { agui } from './agui.ts';
import { aiSdkUi } from './ai-sdk-ui.ts';
import { lines } from './lines.ts';
import { openai } from './openai.ts';
import { prompt } from './prompt.ts';
import { responses } from './responses.ts';

/**
 * The formats of upstreams:
 * - `auto`: a prompt goes in, and the form of the response is found out;
 * - `lines`: Heddle's own lines;
 * - `openai`, `responses`: a model, by OpenAI's two APIs;
 * - `agui`, `a2a`, `ai-sdk-ui`: the protocols of these names.
 */
export type RemoteFormatName = 'auto' | 'lines' | 'openai' | 'responses' | 'agui' | 'a2a' | 'ai-sdk-ui';

export const formats: Readonly<Record<RemoteFormatName, RemoteFormat>> = {
  auto: prompt,
  lines,
  openai,
  responses,
  agui,
  a2a: a2aFormat,
  'ai-sdk-ui': aiSdkUi,
};
