import type { SpokenEvent } from './events.ts';
import type { PartState, TextPart, ToolPart } from './state.ts';

/** Folds what an agent said into the parts of its message. */
export function foldParts(parts: readonly PartState[], event: SpokenEvent): readonly PartState[] {
  const spoken = event.agent === undefined ? undefined : { agent: event.agent };
  switch (event.type) {
    case 'content_start':
      return [...parts, { type: 'text', part: event.part, text: '', open: true, ...spoken }];
    case 'reasoning_start':
      return [...parts, { type: 'reasoning', part: event.part, text: '', open: true, ...spoken }];
    case 'content':
    case 'reasoning':
      return updateText(parts, event.part, (part) => ({ ...part, text: part.text + event.data }));
    case 'content_end':
    case 'reasoning_end':
      return updateText(parts, event.part, (part) => ({ ...part, open: false }));
    case 'replace':
      return updateText(parts, event.part, (part) => ({ ...part, text: event.data }));
    case 'discard':
      return parts.filter((part) => !('part' in part && event.parts.includes(part.part)));
    case 'tool_use_start':
      return [
        ...parts,
        { type: 'tool', call: event.call, tool: event.tool, inputText: '', status: 'input', ...spoken },
      ];
    case 'tool_use_input':
      return updateTool(parts, event.call, (part) => ({ ...part, inputText: part.inputText + event.data }));
    case 'tool_use':
      return updateTool(parts, event.call, (part) => ({ ...part, input: event.input, status: 'running' }));
    case 'tool_progress':
      return updateTool(parts, event.call, (part) => ({ ...part, progress: event.data }));
    case 'tool_result':
      return updateTool(parts, event.call, (part) => ({
        ...part,
        output: event.output,
        status: event.status,
      }));
    case 'approval_request': {
      const { approval, reason, call } = event;
      return [
        ...parts,
        {
          type: 'approval',
          approval,
          reason,
          ...(call !== undefined && { call }),
          ...spoken,
        },
      ];
    }
    case 'custom':
      return [...parts, { type: 'custom', name: event.name, data: event.data, ...spoken }];
    default:
      return parts;
  }
}

function updateText(
  parts: readonly PartState[],
  name: string,
  update: (part: TextPart) => TextPart,
): readonly PartState[] {
  const index = parts.findLastIndex((part) => 'part' in part && part.part === name);
  const part = parts[index];
  return part !== undefined && 'part' in part ? parts.with(index, update(part)) : parts;
}

function updateTool(
  parts: readonly PartState[],
  call: string,
  update: (part: ToolPart) => ToolPart,
): readonly PartState[] {
  const index = parts.findLastIndex((part) => part.type === 'tool' && part.call === call);
  const part = parts[index];
  return part?.type === 'tool' ? parts.with(index, update(part)) : parts;
}
