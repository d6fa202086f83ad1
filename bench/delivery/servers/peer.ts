import { answerLines } from '../answer-lines.ts';
import { toData, toMark } from '../mark.ts';
import { pace } from '../pace.ts';
import { toSpeech } from '../speech.ts';

/** An event in both forms that libraries take: its parts, and the whole frame. */
export interface PeerEvent {
  readonly id: string;
  readonly data: string;
  /** The whole frame, which is created once for all readers. */
  readonly frame: string;
}

/** The readers that a peer's handler adds to, once it has sent the headers. */
export interface PeerReaders {
  /**
   * Sends the reader the last event of the stream, if there is one, and all further events. Returns a
   * function that removes the reader.
   */
  add(path: string, send: (event: PeerEvent) => void): () => void;
}

/** The streams of servers without a log: each event is a loop of writes. */
export interface PeerStreams extends PeerReaders {
  /** Sends the next event of a stream to all its readers. */
  say(path: string, padding: string): void;
}

/** Runs a peer as a process. `listen` resolves with its port. */
export async function runPeer(listen: (readers: PeerReaders) => Promise<number>): Promise<never> {
  const streams = createStreams();
  const port = await listen(streams);
  return answerLines({ port }, async (message) => {
    if (message['type'] !== 'say') return;
    const speech = toSpeech(message);
    const padding = ' '.repeat(speech.padding ?? 0);
    await pace(speech, (stream) => {
      for (let event = 0; event < speech.burst; event += 1) streams.say(`/stream/${stream}`, padding);
    });
  });
}

function createStreams(): PeerStreams {
  const streams = new Map<
    string,
    { readers: Set<(event: PeerEvent) => void>; said: number; last?: PeerEvent }
  >();
  const find = (path: string) => {
    const stream = streams.get(path) ?? { readers: new Set(), said: 0 };
    streams.set(path, stream);
    return stream;
  };
  return {
    add: (path, send) => {
      const { readers, last } = find(path);
      if (last !== undefined) send(last);
      // Wrapped, because the same function may be added twice.
      const reader = (event: PeerEvent): void => send(event);
      readers.add(reader);
      return () => void readers.delete(reader);
    },
    say: (path, padding) => {
      const stream = find(path);
      stream.said += 1;
      const id = String(stream.said);
      const data = toData(`${toMark(stream.said)} ${padding}`);
      stream.last = { id, data, frame: `id: ${id}\ndata: ${data}\n\n` };
      for (const send of stream.readers) send(stream.last);
    },
  };
}
