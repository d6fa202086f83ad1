import type { AgentMessage, MessageState, PartState, SessionState } from './state.ts';

/**
 * A state while entries are folded into it. Each list or object that the draft shares with the first state is
 * copied once, before its first change. So a fold of many entries copies each list once, and the first state
 * never changes.
 */
export interface StateDraft {
  readonly state: Mutable<SessionState>;
  /** The list of messages, as a copy that may be changed. */
  messages(): MessageState[];
  /** Returns the index of a turn's message in the list, or -1 if the state does not know the turn. */
  find(turn: string): number;
  /** Returns the agent's message at `index`, as a copy that may be changed. */
  message(index: number): Mutable<AgentMessage>;
  /** Returns the parts of the agent's message at `index`, as a copy that may be changed. */
  parts(index: number): PartState[];
  /** Returns one of these parts, as a copy that may be changed; undefined if there is none at `at`. */
  part(index: number, at: number): Mutable<PartState> | undefined;
}

export type Mutable<Value> = Value extends unknown ? { -readonly [Key in keyof Value]: Value[Key] } : never;

/** Creates a draft of a state. */
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
    // Searches from the end, because the open turn is there.
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
