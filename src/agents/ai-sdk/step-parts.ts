import type { AgentEvent } from '../../protocol/index.ts';
import { fieldsOf, textOf } from '../kit/index.ts';

type Kind = 'content' | 'reasoning';

/** The text and reasoning of the open step. */
export interface StepParts {
  /**
   * Begins the part of that id. The SDK's ids come again in later steps, so each part gets a name of its own.
   */
  start(kind: Kind, id: string): void;
  say(kind: Kind, id: string, data: string): readonly AgentEvent[];
  end(kind: Kind, id: string): readonly AgentEvent[];
  /**
   * Makes what the step said equal to its finished content. The SDK says a step again that broke off, with no
   * mark, so what was said first is discarded.
   */
  settle(content: readonly unknown[]): readonly AgentEvent[];
  /** Begins a new step. */
  reset(): void;
}

interface StepPart {
  readonly kind: Kind;
  readonly part: string;
  text: string;
}

export function createStepParts(): StepParts {
  let count = 0;
  /** The parts of the step that said something, in order. */
  let said: StepPart[] = [];
  /** The open parts, by kind and id. */
  const open = new Map<string, StepPart>();

  const begin = (kind: Kind, id = ''): StepPart => {
    count += 1;
    const part = { kind, part: `${kind}-${count}`, text: '' };
    open.set(`${kind} ${id}`, part);
    return part;
  };

  const speak = (part: StepPart, data: string): readonly AgentEvent[] => {
    if (data === '') return [];
    if (part.text === '') said.push(part);
    part.text += data;
    return [{ type: part.kind, part: part.part, data }];
  };

  const sayAnew = ({ kind, text }: SaidText): readonly AgentEvent[] => {
    const part = begin(kind);
    return [...speak(part, text), { type: `${kind}_end`, part: part.part }];
  };

  return {
    start: (kind, id) => void begin(kind, id),
    say: (kind, id, data) => speak(open.get(`${kind} ${id}`) ?? begin(kind, id), data),
    end(kind, id) {
      const part = open.get(`${kind} ${id}`);
      open.delete(`${kind} ${id}`);
      return part === undefined || part.text === '' ? [] : [{ type: `${kind}_end`, part: part.part }];
    },
    settle(content) {
      const wanted = content.flatMap(toSaidText);
      const standing = said.filter(({ text }) => text.trim() !== '');
      const kept = keepLast(standing, wanted);
      const dropped = standing.filter((part) => kept?.has(part) !== true).map(({ part }) => part);
      return [
        ...(dropped.length > 0 ? [{ type: 'discard', parts: dropped } as const] : []),
        ...(kept === undefined ? wanted.flatMap(sayAnew) : []),
      ];
    },
    reset() {
      said = [];
      open.clear();
    },
  };
}

interface SaidText {
  readonly kind: Kind;
  readonly text: string;
}

function toSaidText(content: unknown): SaidText[] {
  const { type, text } = fieldsOf(content);
  if ((type !== 'text' && type !== 'reasoning') || textOf(text).trim() === '') return [];
  return [{ kind: type === 'text' ? 'content' : 'reasoning', text: textOf(text) }];
}

/**
 * Finds the parts that are the wanted texts, from the end on: the last attempt of a step was said last.
 * Returns undefined if one is missing.
 */
function keepLast(
  standing: readonly StepPart[],
  wanted: readonly SaidText[],
): ReadonlySet<StepPart> | undefined {
  const kept = new Set<StepPart>();
  let before = standing.length;
  for (const { kind, text } of wanted.toReversed()) {
    before = standing.findLastIndex(
      (part, index) => index < before && part.kind === kind && part.text === text,
    );
    const found = standing[before];
    if (found === undefined) return undefined;
    kept.add(found);
  }
  return kept;
}
