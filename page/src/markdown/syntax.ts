import type { Options } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { cjkFriendlyExtension } from 'micromark-extension-cjk-friendly';
import { gfmStrikethroughCjkFriendly } from 'micromark-extension-cjk-friendly-gfm-strikethrough';
import { gfm } from 'micromark-extension-gfm';
import { endAddresses, endFoundAddresses } from './addresses.ts';
import { formulas, formulasToTree } from './formulas.ts';

// A single tilde marks a range (`100~200`). Text between double tildes is struck through.
const tildes = { singleTilde: false };

/** The extensions of GitHub's markdown over CommonMark, and those for texts without spaces between words. */
export const syntax: NonNullable<Options['extensions']> = [
  endAddresses(gfm(tildes)),
  cjkFriendlyExtension(),
  gfmStrikethroughCjkFriendly(tildes),
  formulas,
];

/** The extensions that turn the syntax into a tree. */
export const toTree: NonNullable<Options['mdastExtensions']> = [
  gfmFromMarkdown(),
  { transforms: [endFoundAddresses] },
  formulasToTree,
];
