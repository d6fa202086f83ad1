import type { AgentEvent } from '../../protocol/index.ts';
import type { SpokenPiece } from './read-message.ts';

/** The part of a model's message that was said. Nodes may speak at once, so its parts have names. */
export interface SaidMessage {
  say(piece: SpokenPiece): readonly AgentEvent[];
  /** Ends the open part. */
  end(): readonly AgentEvent[];
  /** Takes everything back. */
  discard(): readonly AgentEvent[];
  /** Makes the text equal to that of the finished message, which a middleware may have changed. */
  settle(text: string): readonly AgentEvent[];
}

/** Starts what is said of a message. `name` begins the names of its parts. */
export function createSaidMessage(name: string, by: { readonly agent?: readonly string[] }): SaidMessage {
  let parts: { readonly part: string; readonly kind: SpokenPiece['kind']; text: string }[] = [];
  let isOpen = false;

  const end = (): readonly AgentEvent[] => {
    const last = parts.at(-1);
    if (!isOpen || last === undefined) return [];
    isOpen = false;
    return [{ type: `${last.kind}_end`, part: last.part, ...by }];
  };

  const say = ({ kind, data }: SpokenPiece): readonly AgentEvent[] => {
    const last = parts.at(-1);
    if (isOpen && last?.kind === kind) {
      last.text += data;
      return [{ type: kind, data, part: last.part, ...by }];
    }
    const ended = end();
    const part = parts.length === 0 ? name : `${name}.${parts.length + 1}`;
    parts.push({ part, kind, text: data });
    isOpen = true;
    return [...ended, { type: `${kind}_start`, part, ...by }, { type: kind, data, part, ...by }];
  };

  const discard = (): readonly AgentEvent[] => {
    if (parts.length === 0) return [];
    const ended = end();
    const names = parts.map(({ part }) => part);
    parts = [];
    return [...ended, { type: 'discard', parts: names, ...by }];
  };

  return {
    say,
    end,
    discard,
    settle(text) {
      const [first, ...others] = parts.filter(({ kind }) => kind === 'content');
      const standing = [first, ...others].map((each) => each?.text ?? '').join('');
      if (standing === text) return end();
      if (first === undefined || others.length > 0 || text === '') {
        // Reasoning is taken back with the text: it may have just what a guardrail removed.
        const taken = first === undefined ? end() : discard();
        return [...taken, ...(text === '' ? [] : say({ kind: 'content', data: text })), ...end()];
      }
      first.text = text;
      return [...end(), { type: 'replace', data: text, part: first.part, ...by }];
    },
  };
}
