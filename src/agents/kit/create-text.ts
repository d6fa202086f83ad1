import type { AgentEvent } from '../../protocol/index.ts';

type Kind = 'content' | 'reasoning';
/** The fields of each event: the path of the speaker, if it is an inner agent. */
type By = { readonly agent?: readonly string[] };

/** The text and reasoning of a speaker's open step. */
export interface StepText {
  say(kind: Kind, data: string): readonly AgentEvent[];
  endPart(): readonly AgentEvent[];
  /** Discards all text and reasoning of the step. */
  discard(): readonly AgentEvent[];
  /** Makes the step's text equal to these texts: says, replaces or discards what differs. */
  settle(texts: readonly string[]): readonly AgentEvent[];
  /** The texts that the step has now. */
  said(): readonly string[];
  /** Begins a new step. */
  reset(): void;
}

/**
 * Starts the text of a speaker. It remembers what the step has said, so that the vendor's finished message can
 * settle it: deltas are not trusted to be final.
 */
export function createText(by: By = {}): StepText {
  let open: Kind | undefined;
  let parts: { readonly kind: Kind; text: string }[] = [];

  const endPart = (): readonly AgentEvent[] => {
    if (open === undefined) return [];
    const type = `${open}_end` as const;
    open = undefined;
    return [{ type, ...by }];
  };

  const say = (kind: Kind, data: string): readonly AgentEvent[] => {
    if (data === '') return [];
    const current = open === kind ? parts.at(-1) : undefined;
    if (current !== undefined) {
      current.text += data;
      return [{ type: kind, data, ...by }];
    }
    const ended = endPart();
    open = kind;
    parts.push({ kind, text: data });
    return [...ended, { type: `${kind}_start`, ...by }, { type: kind, data, ...by }];
  };

  const discard = (): readonly AgentEvent[] => {
    if (parts.length === 0) return [];
    const ended = endPart();
    parts = [];
    return [...ended, { type: 'discard', ...by }];
  };

  const said = (): readonly string[] =>
    parts.filter(({ kind }) => kind === 'content').map(({ text }) => text);

  return {
    say,
    endPart,
    discard,
    said,
    settle(texts) {
      const wanted = texts.filter(isVisible);
      const standing = said().filter(isVisible);
      if (wanted.length === 0 || sameTexts(wanted, standing)) return [];
      const [only] = parts;
      const [text] = wanted;
      if (parts.length === 1 && only?.kind === 'content' && wanted.length === 1 && text !== undefined) {
        only.text = text;
        return [...endPart(), { type: 'replace', data: text, ...by }];
      }
      // Reasoning is discarded too: it may contain just what a guardrail removed.
      const taken = standing.length > 0 ? discard() : endPart();
      return [...taken, ...wanted.flatMap((data) => [...say('content', data), ...endPart()])];
    },
    reset() {
      parts = [];
    },
  };
}

function isVisible(text: string): boolean {
  return text.trim() !== '';
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index]);
}
