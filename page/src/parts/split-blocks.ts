// Where these occur, what a block means may depend on text beyond a blank line: reference definitions and footnotes, and
// HTML that goes on over blank lines.
const farReaching = /^ {0,3}(?:\[[^\]]+\]:|<(?:script|pre|style|textarea|!|\?))/im;
// Lines that may continue the list, quote or table before a blank line.
const continues = /^(?:\s|[-*+>|]|\d+[.)])/;

/**
 * Cuts markdown at blank lines where both sides mean the same apart as together. While an answer streams only the
 * last block changes, so only that one is parsed again for each delta.
 */
export function splitBlocks(text: string): readonly string[] {
  if (farReaching.test(text)) return [text];
  const blocks: string[] = [];
  let block = '';
  let fence: string | undefined;
  let afterBlank = false;
  for (const line of text.split(/(?<=\n)/)) {
    const isBlank = line.trim() === '';
    if (afterBlank && !isBlank && fence === undefined && !continues.test(line)) {
      blocks.push(block);
      block = '';
    }
    fence = nextFence(fence, line);
    block += line;
    afterBlank = isBlank;
  }
  return block === '' ? blocks : [...blocks, block];
}

function nextFence(fence: string | undefined, line: string): string | undefined {
  const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
  if (mark === undefined) return fence;
  if (fence === undefined) return mark;
  const closes = mark.startsWith(fence) && line.trim() === mark;
  return closes ? undefined : fence;
}
