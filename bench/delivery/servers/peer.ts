import { answerLines } from '../answer-lines.ts';
import { toData, toMark } from '../mark.ts';
import { pace } from '../pace.ts';
import { toSpeech } from '../speech.ts';

/** An event as each library wants it: in parts, or framed already. */
export interface PeerEvent {
  readonly id: string;
  readonly data: string;
  /** The whole frame, made once for all readers. */
  readonly frame: string;
}

/** What a peer's handler does with a reader that comes to a path, once its headers are out. */
export interface PeerReaders {
  /** Sends it the last event of the stream, where there is one, and all that come until it leaves. */
  add(path: string, send: (event: PeerEvent) => void): () => void;
}

/** Where the readers of streams without a log wait: the loop of writes that such servers have. */
export interface PeerStreams extends PeerReaders {
  /** Says the next event of a stream to all its readers. */
  say(path: string, padding: string): void;
}

/** Runs a peer as a process: `listen` resolves with its port. */
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
      // Wrapped, for the same function may come twice.
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
