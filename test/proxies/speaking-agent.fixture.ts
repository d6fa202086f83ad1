import { toText } from 'heddle';
import type { AgentFunction } from 'heddle';

/** An agent that says what the test tells it to, so that no clock decides when a word goes out. */
export interface SpeakingAgent {
  readonly agent: AgentFunction;
  /** Says a word in the turn of the message with this text. */
  say(message: string, word: string): void;
  /** Ends that turn. */
  end(message: string): void;
}

/** Creates one. Each message of a test has a text of its own. */
export function createSpeakingAgent(): SpeakingAgent {
  const mouths = new Map<string, ReturnType<typeof createMouth>>();
  const mouthOf = (message: string): ReturnType<typeof createMouth> => {
    const mouth = mouths.get(message) ?? createMouth();
    mouths.set(message, mouth);
    return mouth;
  };
  return {
    agent: ({ input }) => mouthOf(input.type === 'message' ? toText(input.content) : '').words,
    say: (message, word) => mouthOf(message).say(word),
    end: (message) => mouthOf(message).end(),
  };
}

function createMouth() {
  const { readable, writable } = new TransformStream<string, string>(
    {},
    { highWaterMark: Infinity },
    { highWaterMark: Infinity },
  );
  const writer = writable.getWriter();
  return {
    words: readable,
    say: (word: string) => void writer.write(word),
    end: () => void writer.close(),
  };
}
