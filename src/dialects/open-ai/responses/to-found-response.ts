import { RefusalError } from '../../../protocol/index.ts';
import type { Finding } from '../../intent.ts';
import type { OpenAiResponse } from './response.ts';
import { toResponse } from './to-response.ts';

/** Returns the response that the server has found. Throws `not_found` without an exchange. */
export function toFoundResponse({ exchange, state }: Finding, model: string): OpenAiResponse {
  if (exchange === undefined) throw new RefusalError('not_found');
  return toResponse(exchange, state, model);
}
