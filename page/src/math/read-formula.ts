/** A formula without its marks. */
export interface FormulaSource {
  readonly tex: string;
  /** Whether it stands on a line of its own. */
  readonly isDisplay: boolean;
}

/** Reads a formula as it was written, in `$…$`, `$$…$$`, `\(…\)` or `\[…\]`. */
export function readFormula(source: string): FormulaSource | undefined {
  const [, block, brackets, inline, parens] =
    /^\s*(?:\$\$([^]*)\$\$|\\\[([^]*)\\\]|\$([^]*)\$|\\\(([^]*)\\\))\s*$/.exec(source) ?? [];
  const tex = block ?? brackets ?? inline ?? parens;
  if (tex === undefined || tex.trim() === '') return undefined;
  return { tex, isDisplay: (block ?? brackets) !== undefined };
}
