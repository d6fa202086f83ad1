import type { HeddleMetadata, UiChunk } from './chunk.ts';
import type { UiMessage, UiPart, UiTool } from './ui-message.ts';

/** Builds the message that a page of the SDK has after these chunks. */
export function buildMessage(id: string, chunks: readonly UiChunk[]): UiMessage {
  const parts: UiPart[] = [];
  const places = new Map<string, number>();
  const metadata: { heddle: HeddleMetadata } = { heddle: {} };
  const push = (name: string, part: UiPart): void => void places.set(name, parts.push(part) - 1);
  const change = (name: string, to: (part: UiPart) => UiPart): void => {
    const at = places.get(name);
    const part = at === undefined ? undefined : parts[at];
    if (at !== undefined && part) parts[at] = to(part);
  };
  for (const chunk of chunks) {
    if ('messageMetadata' in chunk && chunk.messageMetadata)
      metadata.heddle = merge(metadata.heddle, chunk.messageMetadata.heddle);
    switch (chunk.type) {
      case 'start-step':
        parts.push({ type: 'step-start' });
        break;
      case 'text-start':
      case 'reasoning-start': {
        const isText = chunk.type === 'text-start';
        const { providerMetadata } = chunk;
        const rest = { text: '', state: 'streaming', providerMetadata } as const;
        push(chunk.id, isText ? { type: 'text', ...rest } : { type: 'reasoning', id: chunk.id, ...rest });
        break;
      }
      case 'text-delta':
      case 'reasoning-delta':
        change(chunk.id, (part) => ('text' in part ? { ...part, text: part.text + chunk.delta } : part));
        break;
      case 'text-end':
      case 'reasoning-end':
        change(chunk.id, (part) => ('text' in part ? { ...part, state: 'done' } : part));
        break;
      case 'tool-input-start':
      case 'tool-input-available': {
        const tool = toTool(chunk);
        if (places.has(tool.toolCallId)) change(tool.toolCallId, (part) => ({ ...part, ...tool }));
        else push(tool.toolCallId, tool);
        break;
      }
      case 'tool-approval-response': {
        const { type: _, approvalId: approval, ...verdict } = chunk;
        const isIt = (part: UiPart): boolean => 'approval' in part && part.approval?.id === approval;
        const at = parts.findIndex(isIt);
        const part = parts[at];
        if (part && 'approval' in part)
          parts[at] = {
            ...part,
            state: 'approval-responded',
            approval: { ...part.approval, id: approval, ...verdict },
          };
        break;
      }
      default:
        if ('toolCallId' in chunk)
          change(chunk.toolCallId, (part) => ('toolCallId' in part ? changeTool(part, chunk) : part));
        else if ('data' in chunk) {
          const { type, id: name, data } = chunk;
          const place = `data ${name ?? parts.length}`;
          if (places.has(place)) change(place, (part) => ({ ...part, data }));
          else push(place, { type, ...(name !== undefined && { id: name }), data });
        }
    }
  }
  return { id, role: 'assistant', parts, metadata };
}

function merge(was: HeddleMetadata, next: HeddleMetadata): HeddleMetadata {
  const usage = { ...was.usage, ...next.usage };
  return { ...was, ...next, ...((was.usage ?? next.usage) && { usage }) };
}

type Named<Type extends UiChunk['type']> = Extract<UiChunk, { readonly type: Type }>;

function toTool(chunk: Named<'tool-input-start' | 'tool-input-available'>): UiTool {
  const { toolCallId, toolName, providerExecuted } = chunk;
  const rest = { type: `tool-${toolName}`, toolCallId, providerExecuted } as const;
  if (chunk.type === 'tool-input-start') return { ...rest, state: 'input-streaming' };
  const { input, providerMetadata } = chunk;
  const more = providerMetadata && { callProviderMetadata: providerMetadata };
  return { ...rest, state: 'input-available', input, ...more };
}

type ToolPiece = Extract<UiChunk, { readonly toolCallId: string }>;

function changeTool(tool: UiTool, chunk: ToolPiece): UiTool {
  switch (chunk.type) {
    case 'tool-input-delta':
      return { ...tool, rawInput: (tool.rawInput ?? '') + chunk.inputTextDelta };
    case 'tool-output-available': {
      const { preliminary: _, ...rest } = tool;
      const { output, preliminary } = chunk;
      return { ...rest, state: 'output-available', output, ...(preliminary && { preliminary }) };
    }
    case 'tool-output-error': {
      const { preliminary: _, output: __, ...rest } = tool;
      return { ...rest, state: 'output-error', errorText: chunk.errorText };
    }
    case 'tool-output-denied':
      return { ...tool, state: 'output-denied' };
    case 'tool-approval-request': {
      const { approvalId: id, approvalDescriptor: descriptor, reason: requestReason } = chunk;
      const more = { ...(requestReason !== undefined && { requestReason }) };
      const asks = descriptor === undefined || descriptor === null ? {} : { descriptor };
      return { ...tool, state: 'approval-requested', approval: { id, ...asks, ...more } };
    }
    default:
      return tool;
  }
}
