// A writer to Durable Streams: `durable-streams-writer.ts <port>`.
import { DurableStream, IdempotentProducer } from '@durable-streams/client';
import { Agent, setGlobalDispatcher } from 'undici';
import { answerLines } from '../answer-lines.ts';
import { toData, toMark } from '../mark.ts';
import { pace } from '../pace.ts';
import { toSpeech } from '../speech.ts';

const [, , port] = process.argv;
const writers: { readonly producer: IdempotentProducer; said: number }[] = [];
const faults: Error[] = [];
// Without a limit, there would be a connection for each request, and connecting to the busy server times out.
setGlobalDispatcher(new Agent({ connections: 128 }));

await answerLines({}, async (message) => {
  if (message['type'] === 'prepare') {
    for (let stream = 0; stream < Number(message['streams']); stream += 1) {
      writers.push({ producer: await createProducer(stream), said: 0 });
    }
    return;
  }
  const speech = toSpeech(message);
  const padding = ' '.repeat(speech.padding ?? 0);
  await pace(speech, (stream) => {
    const writer = writers[stream];
    if (writer === undefined) throw new RangeError(`There is no stream ${stream}.`);
    for (let event = 0; event < speech.burst; event += 1) {
      writer.said += 1;
      writer.producer.append(toData(`${toMark(writer.said)} ${padding}`));
    }
  });
  await Promise.all(writers.map(({ producer }) => producer.flush()));
  if (faults.length > 0) throw new AggregateError(faults, 'Not all was written.');
});

async function createProducer(stream: number): Promise<IdempotentProducer> {
  const url = `http://127.0.0.1:${port}/v1/stream/${stream}`;
  const handle = await DurableStream.create({ url, contentType: 'application/json' });
  // The options are those of the example for an LLM's tokens in the package's documentation.
  return new IdempotentProducer(handle, 'writer', {
    autoClaim: true,
    lingerMs: 10,
    maxBatchBytes: 65_536,
    maxInFlight: 4,
    onError: (error) => void faults.push(error),
  });
}
