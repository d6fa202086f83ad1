import { createFailure } from '../kit/index.ts';
import type { Heard } from './heard.ts';
import type { Asked, RemoteFormat, RemoteRequest } from './remote-format.ts';
import { isFramed } from './transport/is-framed.ts';
import { cutBody } from './transport/cut-body.ts';
import { hideInFailure } from './transport/hide-secrets.ts';
import type { RemoteResponse } from './transport/remote-fetch.ts';

/** A response of status 2xx. */
interface TurnResponse {
  readonly response: RemoteResponse;
  /** The texts of the request that may be credentials. The upstream may repeat them. */
  readonly secrets: readonly string[];
}

/** Sends a request of a turn. Throws a failure if no response of status 2xx comes. */
export type SendTurn = (request: RemoteRequest, asked: Asked, signal: AbortSignal) => Promise<TurnResponse>;

/**
 * Sends the request of a turn, and yields what its response says, in batches. The last batch has no `end` if
 * the answer is not complete.
 */
export async function* hearResponses(
  format: RemoteFormat,
  send: SendTurn,
  asked: Asked,
  signal: AbortSignal,
): AsyncGenerator<readonly Heard[], void, undefined> {
  for (const toRequest of [format.toRequest, ...(format.toOtherRequests ?? [])]) {
    let isUnknown = false;
    for await (const batch of hearResponse(format, send(toRequest(asked), asked, signal), asked)) {
      isUnknown = batch.some((heard) => typeof heard !== 'string' && heard.type === 'unknown_method');
      if (isUnknown) break;
      yield batch;
    }
    if (!isUnknown) return;
  }
  throw createFailure('upstream_refused', new Error('The upstream does not know the method.'));
}

async function* hearResponse(
  format: RemoteFormat,
  sent: Promise<TurnResponse>,
  asked: Asked,
): AsyncGenerator<readonly Heard[], void, undefined> {
  const { response, secrets } = await sent;
  const { kind, frames } = await cutBody(response);
  const hearer = format.listen(asked, kind);
  const toSafe = (heard: Heard): Heard =>
    typeof heard !== 'string' && heard.type === 'failed'
      ? { type: 'failed', error: hideInFailure(heard.error, secrets) }
      : heard;
  for await (const batch of frames) yield batch.flatMap((frame) => hearer.hear(frame)).map(toSafe);
  yield hearer.end(isFramed(response)).map(toSafe);
}
