import type { Options } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { cjkFriendlyExtension } from 'micromark-extension-cjk-friendly';
import { gfmStrikethroughCjkFriendly } from 'micromark-extension-cjk-friendly-gfm-strikethrough';
import { gfm } from 'micromark-extension-gfm';
import { endAddresses, endFoundAddresses } from './addresses.ts';
import { formulas, formulasToTree } from './formulas.ts';

// One tilde is that of a range (`100~200`); what stands between two is struck through.
const tildes = { singleTilde: false };

/** What GitHub's markdown has over CommonMark, and what texts without spaces between words need of it. */
export const syntax: NonNullable<Options['extensions']> = [
  endAddresses(gfm(tildes)),
  cjkFriendlyExtension(),
  gfmStrikethroughCjkFriendly(tildes),
  formulas,
];

/** How it becomes a tree. */
export const toTree: NonNullable<Options['mdastExtensions']> = [
  gfmFromMarkdown(),
  { transforms: [endFoundAddresses] },
  formulasToTree,
];
