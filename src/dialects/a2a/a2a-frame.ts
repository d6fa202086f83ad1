import type { BareFrame } from '../bare-frame.ts';
import type { DialectReply } from '../dialect-reply.ts';
import type { A2aEvent, A2aFacts } from './a2a-objects.ts';
import { a2aJson, toProblemFacts } from './a2a-problem.ts';
import type { A2aPeer } from './peer.ts';
import { toA2aWords } from './words.ts';

/** Returns the frame of an item of a stream. */
export function toA2aEventFrame(peer: A2aPeer, event: A2aEvent): BareFrame {
  return { data: JSON.stringify(toResult(peer, toA2aWords(peer.version).event(event))) };
}

/** Returns the frame of an error that ends a stream. */
export function toA2aErrorFrame(
  peer: A2aPeer,
  code: 'internal' | 'unauthorized',
  message: string,
): BareFrame {
  const data = JSON.stringify(toProblemFacts(peer, code, message));
  return peer.rpc ? { data } : { event: 'error', data };
}

/** Returns the reply that has a result. */
export function toA2aResultReply(peer: A2aPeer, result: A2aFacts | readonly A2aFacts[] | null): DialectReply {
  return { body: toResult(peer, result), ...(!peer.rpc && { headers: { 'content-type': a2aJson } }) };
}

function toResult({ rpc }: A2aPeer, result: A2aFacts | readonly A2aFacts[] | null): unknown {
  return rpc ? { jsonrpc: '2.0', id: rpc.id, result } : result;
}
