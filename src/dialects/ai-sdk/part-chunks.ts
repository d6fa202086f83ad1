import type { SpokenEvent } from '../../protocol/index.ts';
import type { PartMetadata, UiChunk, Withdrawal } from './chunk.ts';
import type { Steps } from './steps.ts';

/** Events about text, reasoning and data. */
export type PartEvent = Exclude<
  SpokenEvent,
  { readonly call: string } | { readonly step: string } | { readonly approval: string }
>;

/** Returns a function that turns these events into chunks. It leaves out the parts in `withdrawn`. */
export function createPartChunks(
  steps: Steps,
  withdrawn: ReadonlySet<string> | undefined,
): (event: PartEvent) => readonly (UiChunk | Withdrawal)[] {
  const isLeftOut = (turn: string, part: string): boolean => withdrawn?.has(toPartId(turn, part)) === true;
  return (event) => {
    if ('part' in event && isLeftOut(event.turn, event.part)) return [];
    switch (event.type) {
      case 'content_start':
      case 'reasoning_start': {
        const id = toPartId(event.turn, event.part);
        const providerMetadata: PartMetadata = {
          heddle: { part: id, ...(event.agent && { agent: event.agent }) },
        };
        const type = event.type === 'content_start' ? 'text-start' : 'reasoning-start';
        return [...steps.beforeText(id, isInner(event)), { type, id, providerMetadata }];
      }
      case 'content':
      case 'reasoning': {
        const type = event.type === 'content' ? 'text-delta' : 'reasoning-delta';
        return [{ type, id: toPartId(event.turn, event.part), delta: event.data }];
      }
      case 'content_end':
      case 'reasoning_end': {
        const id = toPartId(event.turn, event.part);
        steps.close(id);
        return [{ type: event.type === 'content_end' ? 'text-end' : 'reasoning-end', id }];
      }
      case 'discard': {
        const parts = event.parts.filter((part) => !isLeftOut(event.turn, part));
        if (parts.length === 0) return [];
        return [{ type: 'discard', parts: parts.map((part) => toPartId(event.turn, part)) }];
      }
      case 'replace':
        return [{ type: 'replace', part: toPartId(event.turn, event.part), text: event.data }];
      case 'custom':
        return [{ type: `data-${event.name}`, data: event.data }];
    }
  };
}

/** Returns whether an inner agent speaks. */
export function isInner({ agent }: { readonly agent?: readonly string[] | undefined }): boolean {
  return agent !== undefined && agent.length > 0;
}

function toPartId(turn: string, part: string): string {
  return `${turn}:${part}`;
}
