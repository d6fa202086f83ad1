import type { StateDraft, Mutable } from './draft.ts';
import type { SpokenEvent } from './events.ts';
import type { AgentMessage, PartState, TextPart, ToolPart } from './state.ts';

/** Folds an event of an agent into the parts of its message, which is at `index`. */
export function foldParts(draft: StateDraft, index: number, event: SpokenEvent): void {
  const spoken = event.agent === undefined ? undefined : { agent: event.agent };
  const add = (part: PartState): void => void draft.parts(index).push({ ...part, ...spoken });
  switch (event.type) {
    case 'content_start':
      return add({ type: 'text', part: event.part, text: '', open: true });
    case 'reasoning_start':
      return add({ type: 'reasoning', part: event.part, text: '', open: true });
    case 'content':
    case 'reasoning':
      return changeText(draft, index, event.part, (part) => (part.text += event.data));
    case 'content_end':
    case 'reasoning_end':
      return changeText(draft, index, event.part, (part) => (part.open = false));
    case 'replace':
      return changeText(draft, index, event.part, (part) => (part.text = event.data));
    case 'discard': {
      const isKept = (part: PartState): boolean => !('part' in part && event.parts.includes(part.part));
      draft.message(index).parts = draft.parts(index).filter(isKept);
      return;
    }
    case 'tool_use_start':
      return add({ type: 'tool', call: event.call, tool: event.tool, inputText: '', status: 'input' });
    case 'tool_use_input':
      return changeTool(draft, index, event.call, (part) => (part.inputText += event.data));
    case 'tool_use':
      return changeTool(draft, index, event.call, (part) => {
        part.input = event.input;
        part.status = 'running';
      });
    case 'tool_progress':
      return changeTool(draft, index, event.call, (part) => (part.progress = event.data));
    case 'tool_result':
      return changeTool(draft, index, event.call, (part) => {
        part.output = event.output;
        part.status = event.status;
      });
    case 'approval_request': {
      const { approval, reason, call, name } = event;
      const more = { ...(call !== undefined && { call }), ...(name !== undefined && { name }) };
      return add({ type: 'approval', approval, reason, ...more });
    }
    case 'custom':
      return add({ type: 'custom', name: event.name, data: event.data });
    default:
      return;
  }
}

function changeText(
  draft: StateDraft,
  index: number,
  name: string,
  change: (part: Mutable<TextPart>) => void,
): void {
  const at = partsAt(draft, index).findLastIndex((part) => 'part' in part && part.part === name);
  const part = at < 0 ? undefined : draft.part(index, at);
  if (part !== undefined && 'part' in part) change(part);
}

function changeTool(
  draft: StateDraft,
  index: number,
  call: string,
  change: (part: Mutable<ToolPart>) => void,
): void {
  const at = partsAt(draft, index).findLastIndex((part) => part.type === 'tool' && part.call === call);
  const part = at < 0 ? undefined : draft.part(index, at);
  if (part?.type === 'tool') change(part);
}

/** Returns the parts without a copy: a search must not copy the list. */
function partsAt({ state }: StateDraft, index: number): AgentMessage['parts'] {
  const message = state.messages[index];
  return message?.role === 'agent' ? message.parts : [];
}
