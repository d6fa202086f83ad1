import { fieldsOf } from '../../kit/index.ts';
import { failed } from '../heard.ts';
import type { Asked, BodyKind, Hearer, RemoteFormat, RemoteRequest } from '../remote-format.ts';
import { detectForm } from './detect.ts';
import type { DetectedForm } from './detect.ts';
import { listenToAgui } from './agui-events.ts';
import { listenToAiSdkUi } from './ai-sdk-ui-events.ts';
import { listenToNamed } from './named.ts';
import { listenToOpenai } from './openai-chunks.ts';
import { listenToResponses } from './responses-events.ts';
import { listenToStrands } from './strands.ts';
import { listenToText } from './text.ts';
import { toFailed, listenToTyped } from './typed.ts';

/** A prompt goes in, and the form of the response is found out. */
export const prompt: RemoteFormat = { toRequest, listen };

function toRequest({ start, upstream }: Asked): RemoteRequest {
  if (upstream.method === 'POST') return { method: 'POST', url: upstream.url, body: start };
  const url = new URL(upstream.url);
  url.searchParams.set('prompt', start.prompt);
  return { method: 'GET', url: url.href };
}

const listeners: Readonly<Record<DetectedForm, (asked: Asked) => Hearer>> = {
  named: listenToNamed,
  typed: listenToTyped,
  strands: listenToStrands,
  agui: listenToAgui,
  openai: listenToOpenai,
  responses: listenToResponses,
  'ai-sdk-ui': listenToAiSdkUi,
  failure: () => ({ hear: ({ json }) => [toFailed(fieldsOf(json))], end: () => [] }),
};

function listen(asked: Asked, kind: BodyKind): Hearer {
  if (kind === 'text') return listenToText();
  let found: Hearer | undefined;
  let isOdd = false;
  return {
    hear(frame) {
      if (frame.json === undefined && frame.event === 'message' && found === undefined)
        return frame.text.trim() === '' || frame.text.trim() === '[DONE]'
          ? []
          : [failed('The upstream sent something that is no JSON.')];
      const form = found ? undefined : detectForm(frame);
      if (form !== undefined) found = listeners[form](asked);
      if (found !== undefined) return found.hear(frame);
      isOdd = true;
      return [];
    },
    end(isFramed) {
      if (found !== undefined) return found.end(isFramed);
      if (isOdd) return [failed('The upstream sent frames of no form that is known.')];
      return isFramed ? [{ type: 'end' }] : [];
    },
  };
}
