import { isRecord } from '../../protocol/internal.ts';
import { fieldsOf } from '../kit/index.ts';
import type { AiSdkMessage } from './ai-sdk-message.ts';

/**
 * Resolves with the messages of the finished answer, as the SDK takes them in a later turn; with undefined if
 * it does not give them. Version 7 has `responseMessages`, version 6 has them in `response`.
 */
export async function answerMessages(result: object): Promise<readonly AiSdkMessage[] | undefined> {
  try {
    const messages: unknown =
      'responseMessages' in result
        ? await result.responseMessages
        : fieldsOf(await Reflect.get(result, 'response'))['messages'];
    return isMessages(messages) ? messages : undefined;
  } catch {
    // An answer without a step has none.
    return undefined;
  }
}

function isMessages(value: unknown): value is readonly AiSdkMessage[] {
  return Array.isArray(value) && value.every((each) => isRecord(each) && typeof each['role'] === 'string');
}
