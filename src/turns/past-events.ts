import type { EngineEvent, PastMessage, PastPart, SessionEvent, SpokenEvent } from '../protocol/index.ts';
import { cutJson, maxName } from './limits.ts';
import { cutContent } from './past-bounds.ts';
import { toPlain } from './plain.ts';
import { createSpeech } from './speech.ts';

type PastAsked = EngineEvent & { readonly type: 'message' };

/**
 * Returns the events of a conversation that took place elsewhere, each at the time `at`. Messages and turns
 * are named by their place (`past-1`, `past-turn-1`), which minted names never are. An answer belongs to the
 * message right before it. An answer without one names a message that is not in the log: no message moves to
 * it when the events are folded.
 */
export function toPastEvents(past: readonly PastMessage[], at: number): readonly SessionEvent[] {
  const events: SessionEvent[] = [];
  let asked: PastAsked | undefined;
  for (const [index, message] of past.entries()) {
    const names = { message: `past-${index + 1}`, turn: `past-turn-${index + 1}` };
    if (message.role === 'user') {
      const { content, ref, author } = message;
      asked = {
        type: 'message',
        ...names,
        content: cutContent(content),
        at,
        past: true,
        ...(isName(ref) && { ref }),
        ...(isName(author) && { author }),
      };
      events.push(asked);
      continue;
    }
    const { message: name, turn } = asked ?? names;
    events.push({ type: 'message_start', message: name, turn, attempt: 1, at });
    for (const event of toSpoken(turn, message.parts)) events.push(event);
    events.push({ type: 'message_end', turn, outcome: 'completed' });
    asked = undefined;
  }
  return events;
}

/** Returns whether there is a name that one event can carry. The start of a longer one would be another name. */
function isName(name: string | undefined): name is string {
  return name !== undefined && name.length <= maxName;
}

/** The parts become what an agent would have said: each has its own name, and no event is too long. */
function toSpoken(turn: string, parts: readonly PastPart[]): readonly SpokenEvent[] {
  const { say } = createSpeech({ turn, attempt: 1 });
  return parts.flatMap((part): readonly SpokenEvent[] => {
    if (part.type !== 'tool') {
      const type = part.type === 'text' ? 'content' : 'reasoning';
      return [
        ...say({ type: `${type}_start` }),
        ...say({ type, data: part.text }),
        ...say({ type: `${type}_end` }),
      ];
    }
    const [call, tool] = [part.call.slice(0, maxName), part.tool.slice(0, maxName)];
    return [
      ...say({ type: 'tool_use', call, tool, input: cutJson(toPlain(part.input)) }),
      ...say({ type: 'tool_result', call, output: cutJson(toPlain(part.output)), status: part.status }),
    ];
  });
}
