import type { UiChunk } from './chunk.ts';

/**
 * The steps of a message: a step is a model call and the tools that it asked for. They are found from the
 * parts, not from the agent's own steps, because a folded state has no steps and a loaded message must look
 * like a streamed one.
 */
export interface Steps {
  /** Returns what comes before a text or reasoning. */
  beforeText(id: string, isInner: boolean): readonly UiChunk[];
  /** Returns what comes before a tool call. */
  beforeCall(id: string, isInner: boolean): readonly UiChunk[];
  /** Notes that a text, a reasoning or a call has ended. */
  close(id: string): void;
  /** Ends the open step. */
  end(): readonly UiChunk[];
}

export function createSteps(): Steps {
  const texts = new Set<string>();
  const calls = new Set<string>();
  let step: 'none' | 'open' | 'called' = 'none';
  // Versions 5 and 6 forget open parts at the end of a step, and fail at their next word. Inner agents may
  // still speak then.
  const end = (): readonly UiChunk[] => (step === 'none' || texts.size > 0 ? [] : [{ type: 'finish-step' }]);
  const begin = (): readonly UiChunk[] => {
    const chunks: readonly UiChunk[] = [...end(), { type: 'start-step' }];
    step = 'open';
    return chunks;
  };
  return {
    beforeText(id, isInner) {
      // Words that come while a call still runs, or waits for approval, belong to its step.
      const isNext = step === 'called' && calls.size === 0 && !isInner;
      const chunks = step === 'none' || isNext ? begin() : [];
      texts.add(id);
      return chunks;
    },
    beforeCall(id, isInner) {
      const chunks = step === 'none' ? begin() : [];
      if (!isInner) {
        step = 'called';
        calls.add(id);
      }
      return chunks;
    },
    close(id) {
      texts.delete(id);
      calls.delete(id);
    },
    end() {
      const chunks = end();
      step = 'none';
      texts.clear();
      calls.clear();
      return chunks;
    },
  };
}
