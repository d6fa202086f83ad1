import type { AgentEvent } from '../../protocol/index.ts';
import { textOf } from '../kit/index.ts';
import type { PartMapper } from './create-part-mapper.ts';
import { paceProgress } from './pace-progress.ts';
import type { PartCalls } from './part-calls.ts';
import type { PartReader } from './part-reader.ts';
import type { StepEnds } from './step-ends.ts';

interface Hearing {
  readonly reader: PartReader;
  readonly mapper: PartMapper;
  readonly calls: PartCalls;
  readonly ends: StepEnds;
  readonly signal: AbortSignal;
}

/** Yields the events for all parts. After a cancel nothing is said. */
export async function* hearParts({
  reader,
  mapper,
  calls,
  ends,
  signal,
}: Hearing): AsyncGenerator<AgentEvent> {
  const paced = paceProgress(reader);
  for (;;) {
    const part = await paced.next();
    if (part === undefined || signal.aborted) return;
    if (part['type'] === 'finish-step') {
      // The SDK may hand on the part before it calls back. The next part comes only afterwards.
      await Promise.race([ends.noted(), reader.ahead()]);
      const content = ends.take();
      if (content !== undefined) yield* mapper.settle(content);
    }
    yield* mapper.map(part);
    // The generator is resumed when the events before can be read from the log. It may be cancelled by then.
    if (part['type'] === 'tool-call' && !signal.aborted) calls.release(textOf(part['toolCallId']));
  }
}
