import type { SpokenEvent, TextPart } from '../../../protocol/index.ts';
import type { ItemEvent, OfItem } from './response-event.ts';
import { toMessageItem, toTextContent, toReasoningItem, toSummaryText } from './to-item.ts';

/** Events about the text and the reasoning of a turn. */
type TextItemEvent = Extract<SpokenEvent, { readonly part: string }>;

/** The items of a response that have text. Each is opened, said and closed in events of its own kind. */
export interface TextItems {
  see(event: TextItemEvent): readonly ItemEvent[];
  /** Closes what is open. */
  close(): readonly ItemEvent[];
}

interface OpenText extends OfItem {
  readonly type: TextPart['type'];
  readonly part: string;
  text: string;
}

/** Creates the items of a turn. `takePlace` returns the next place in the output. */
export function createTextItems(turn: string, takePlace: () => number): TextItems {
  const open = new Map<string, OpenText>();

  const start = (type: TextPart['type'], part: string): readonly ItemEvent[] => {
    const state = { part, text: '', open: true };
    // The item's content is added by an event of its own.
    const item =
      type === 'text'
        ? { ...toMessageItem({ turn }, state), content: [] }
        : { ...toReasoningItem({ turn }, state), summary: [] };
    const text: OpenText = { type, part, text: '', item_id: item.id, output_index: takePlace() };
    open.set(part, text);
    return [
      { type: 'response.output_item.added', output_index: text.output_index, item },
      type === 'text'
        ? { ...ofText(text), type: 'response.content_part.added', part: toTextContent('') }
        : { ...ofSummary(text), type: 'response.reasoning_summary_part.added', part: toSummaryText('') },
    ];
  };
  const end = (text: OpenText): readonly ItemEvent[] => {
    open.delete(text.part);
    const state = { part: text.part, text: text.text, open: false };
    const { output_index } = text;
    if (text.type === 'text') {
      const of = ofText(text);
      const item = toMessageItem({ turn }, state);
      return [
        { ...of, type: 'response.output_text.done', text: text.text, logprobs: [] },
        { ...of, type: 'response.content_part.done', part: toTextContent(text.text) },
        { type: 'response.output_item.done', output_index, item },
      ];
    }
    const of = ofSummary(text);
    const item = toReasoningItem({ turn }, state);
    return [
      { ...of, type: 'response.reasoning_summary_text.done', text: text.text },
      { ...of, type: 'response.reasoning_summary_part.done', part: toSummaryText(text.text) },
      { type: 'response.output_item.done', output_index, item },
    ];
  };

  return {
    see(event) {
      if (event.type === 'content_start') return start('text', event.part);
      if (event.type === 'reasoning_start') return start('reasoning', event.part);
      const text = open.get(event.part);
      if (text === undefined) return [];
      switch (event.type) {
        case 'content':
        case 'reasoning':
          text.text += event.data;
          return event.data === '' ? [] : [toDelta(text, event.data)];
        // The text that it replaces was sent. The events that close the item have the new one.
        case 'replace':
          text.text = event.data;
          return [];
        case 'content_end':
        case 'reasoning_end':
          return end(text);
      }
    },
    close: () => [...open.values()].flatMap(end),
  };
}

function toDelta(text: OpenText, delta: string): ItemEvent {
  return text.type === 'text'
    ? { ...ofText(text), type: 'response.output_text.delta', delta, logprobs: [] }
    : { ...ofSummary(text), type: 'response.reasoning_summary_text.delta', delta };
}

function ofText({ item_id, output_index }: OfItem): OfItem & { readonly content_index: 0 } {
  return { item_id, output_index, content_index: 0 };
}

function ofSummary({ item_id, output_index }: OfItem): OfItem & { readonly summary_index: 0 } {
  return { item_id, output_index, summary_index: 0 };
}
