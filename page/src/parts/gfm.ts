import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm as gfmSyntax } from 'micromark-extension-gfm';

/** The part of a unified processor that says how markdown is read. */
interface Reader {
  data(): {
    settings?: unknown;
    micromarkExtensions?: unknown[];
    fromMarkdownExtensions?: unknown[];
  };
}

function readGfm(this: Reader): void {
  const data = this.data();
  (data.micromarkExtensions ??= []).push(gfmSyntax());
  (data.fromMarkdownExtensions ??= []).push(gfmFromMarkdown());
}

/**
 * Tables, task lists, autolinks, strikethrough and footnotes: what `remark-gfm` does, without the way back from a tree
 * to markdown, which would be 7 kB of the page for nothing.
 */
export const gfm: typeof readGfm = readGfm;
