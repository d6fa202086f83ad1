import { toText } from '../protocol/index.ts';
import type { Content, PastMessage } from '../protocol/index.ts';
import { cutText, fitsJson } from './limits.ts';

/** The longest past that a session begins with. All of it is written in one append. */
const most = { messages: 1_000, parts: 10_000, characters: 4 * 1024 * 1024 };

/**
 * Returns the newest messages of a past that are within the bounds: 1,000 messages with 10,000 parts and
 * 4 Mi characters of JSON.
 */
export function cutPast(past: readonly PastMessage[]): readonly PastMessage[] {
  const left = { ...most };
  let start = past.length;
  for (const message of past.toReversed()) {
    left.messages -= 1;
    left.parts -= message.role === 'agent' ? message.parts.length : 1;
    // The longest of the counts comes last, and is not made for messages that are cut anyway.
    if (left.messages < 0 || left.parts < 0) break;
    left.characters -= JSON.stringify(message).length;
    if (left.characters < 0) break;
    start -= 1;
  }
  return past.slice(start);
}

/**
 * Returns a content that fits one event. Of a longer one only the text is left, without images and files, and
 * no more of it than one event carries.
 */
export function cutContent(content: Content): Content {
  return fitsJson(content) ? content : cutText(toText(content));
}
