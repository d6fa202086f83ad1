import type { AgentMessage, MessageState, PartState, SessionState } from './state.ts';

/**
 * A state while entries are folded into it. What it shares with the state it began from is copied before its first change, and only
 * then: so a fold of many entries copies each list once, and the state it began from never changes.
 */
export interface StateDraft {
  readonly state: Mutable<SessionState>;
  /** The list of messages, to be changed. */
  messages(): MessageState[];
  /** The place of a turn's message in the list; -1 where the state does not know the turn. */
  find(turn: string): number;
  /** The agent's message at a place, to be changed. */
  message(index: number): Mutable<AgentMessage>;
  /** The parts of the agent's message at a place, to be changed. */
  parts(index: number): PartState[];
  /** One of these parts, to be changed; undefined where it is not there. */
  part(index: number, at: number): Mutable<PartState> | undefined;
}

export type Mutable<Value> = Value extends unknown ? { -readonly [Key in keyof Value]: Value[Key] } : never;

/** Begins a draft of a state. */
export function createDraft(before: SessionState): StateDraft {
  const made = new WeakSet<object>();
  const state: Mutable<SessionState> = { ...before };

  const listOf = <Item>(items: readonly Item[]): Item[] => {
    if (isMade(items)) return items;
    const copy = [...items];
    made.add(copy);
    return copy;
  };
  const isMade = <Item>(items: readonly Item[]): items is Item[] => made.has(items);
  const recordOf = <Item extends object>(item: Item): Item => {
    if (made.has(item)) return item;
    const copy = { ...item };
    made.add(copy);
    return copy;
  };

  const messages = (): MessageState[] => {
    const list = listOf(state.messages);
    state.messages = list;
    return list;
  };
  const message = (index: number): Mutable<AgentMessage> => {
    const list = messages();
    const found = list[index];
    if (found?.role !== 'agent') throw new TypeError(`There is no agent's message at ${index}.`);
    return (list[index] = recordOf(found));
  };
  const parts = (index: number): PartState[] => {
    const changed = message(index);
    const list = listOf(changed.parts);
    changed.parts = list;
    return list;
  };

  return {
    state,
    messages,
    // From the end: the open turn stands there.
    find: (turn) => state.messages.findLastIndex((each) => each.role === 'agent' && each.turn === turn),
    message,
    parts,
    part: (index, at) => {
      const list = parts(index);
      const found = list[at];
      return found && (list[at] = recordOf(found));
    },
  };
}
