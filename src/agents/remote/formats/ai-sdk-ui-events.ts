import { createCallNames, createFailure, fieldsOf, textOf, toStopReason } from '../../kit/index.ts';
import type { Fields } from '../../kit/index.ts';
import { failed } from '../heard.ts';
import type { Heard } from '../heard.ts';
import type { Hearer } from '../remote-format.ts';

/** Listens to a UI message stream of the AI SDK. */
export function listenToAiSdkUi(): Hearer {
  const nameFor = createCallNames();
  /** The calls that have no result, by their ids: the name, and whether the input is still being written. */
  const calls = new Map<string, { readonly call: string; isMade: boolean }>();

  const start = (chunk: Fields): readonly Heard[] => {
    const id = textOf(chunk['toolCallId']);
    if (calls.has(id)) return [];
    const call = nameFor(id);
    calls.set(id, { call, isMade: false });
    return [{ type: 'tool_use_start', call, tool: toTool(chunk) }];
  };

  const make = (chunk: Fields): readonly Heard[] => {
    const started = start(chunk);
    const found = calls.get(textOf(chunk['toolCallId']));
    if (found === undefined || found.isMade) return started;
    found.isMade = true;
    return [
      ...started,
      { type: 'tool_use', call: found.call, tool: toTool(chunk), input: chunk['input'] ?? {} },
    ];
  };

  const end = (chunk: Fields, output: unknown, status: 'ok' | 'error'): readonly Heard[] => {
    const id = textOf(chunk['toolCallId']);
    const found = calls.get(id);
    calls.delete(id);
    return found ? [{ type: 'tool_result', call: found.call, output, status }] : [];
  };

  const hear = (chunk: Fields): readonly Heard[] => {
    const type = textOf(chunk['type']);
    const open = calls.get(textOf(chunk['toolCallId']));
    switch (type) {
      case 'start-step':
        return [{ type: 'step_start' }];
      case 'finish-step':
        return [{ type: 'step_end' }];
      case 'reset-step':
        return [{ type: 'discard' }];
      case 'text-delta':
      case 'reasoning-delta':
        return toText(type === 'text-delta' ? 'content' : 'reasoning', textOf(chunk['delta']));
      case 'text-end':
        return [{ type: 'content_end' }];
      case 'reasoning-end':
        return [{ type: 'reasoning_end' }];
      case 'tool-input-start':
        return start(chunk);
      case 'tool-input-delta': {
        const data = textOf(chunk['inputTextDelta']);
        if (open === undefined || open.isMade || data === '') return [];
        return [{ type: 'tool_use_input', call: open.call, data }];
      }
      case 'tool-input-available':
        return make(chunk);
      case 'tool-input-error':
        return [...make(chunk), ...end(chunk, textOf(chunk['errorText']), 'error')];
      case 'tool-output-available':
        if (chunk['preliminary'] !== true) return end(chunk, chunk['output'] ?? null, 'ok');
        return open ? [{ type: 'tool_progress', call: open.call, data: chunk['output'] }] : [];
      case 'tool-output-error':
        return end(chunk, textOf(chunk['errorText']), 'error');
      case 'tool-output-denied':
        return end(chunk, 'denied', 'error');
      case 'tool-approval-request':
        return [{ type: 'failed', error: createFailure('approval_unsupported') }];
      case 'source-url':
      case 'source-document':
      case 'file': {
        const { type: _, ...data } = chunk;
        return [{ type: 'custom', name: type === 'file' ? 'file' : 'source', data }];
      }
      case 'finish': {
        const reason = chunk['finishReason'];
        const stop =
          typeof reason === 'string' ? [{ type: 'stop', reason: toStopReason(reason) } as const] : [];
        return [...stop, { type: 'end' }];
      }
      case 'error':
        return [failed(textOf(chunk['errorText']))];
      case 'abort':
        return [failed('The upstream stopped its answer.')];
      default:
        return type.startsWith('data-')
          ? [{ type: 'custom', name: type.slice(5, 205), data: chunk['data'] }]
          : [];
    }
  };

  return {
    hear: ({ json, text }) =>
      json === undefined && text.trim() !== '[DONE]' && text.trim() !== ''
        ? [failed('The upstream sent something that is no JSON.')]
        : hear(fieldsOf(json)),
    end: () => [],
  };
}

function toTool(chunk: Fields): string {
  return textOf(chunk['toolName']).slice(0, 200) || 'tool';
}

function toText(type: 'content' | 'reasoning', data: string): readonly Heard[] {
  return data === '' ? [] : [{ type, data }];
}
