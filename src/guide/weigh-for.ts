import type { Passage } from './to-passages.ts';

/** What a passage is worth as an answer, whatever its words. */
export function weighFor(question: string): (passage: Passage) => number {
  const asked = plain(question);
  const wantsSample = /^how (?:do|can|to)\b|方法|書き方|作り方|使い方/.test(asked);
  const term = /^what (?:is|are) (?:an? |the )?(.+)$/.exec(asked)?.[1];
  const wantsNumber =
    /^how (?:big|fast|large|long|many|much|often|soon)\b|何秒|何分|何回|いくつ|どのくらい|どれくらい/.test(
      asked,
    );
  return ({ block, path, isFirst, name }) => {
    const text = plain(block.text);
    // A sample that asks the question does not answer it.
    if (asked.includes(' ') && text.includes(asked)) return 0;
    let weight = block.kind === 'code' && !wantsSample ? 0.3 : 1;
    if (path.includes('decisions/')) weight *= 0.4;
    if (wantsNumber && /\b\d[\d,.]* ?(?:ms|s|min|h|[KM]i?B?|%)(?![\w%])/.test(block.text)) weight *= 1.5;
    if (isFirst) weight *= 1.1;
    if (term !== undefined && (plain(name) === term || ` ${text}`.includes(` a ${term} is `))) weight *= 3;
    return weight;
  };
}

function plain(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');
}
