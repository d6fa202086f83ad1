/** A command line, cut in two. */
export interface CutLine {
  /** The arguments of `heddle`. */
  readonly args: readonly string[];
  /** The words after the first `--` of `heddle serve` or `heddle mcp`, which are the command of an agent. */
  readonly command?: readonly string[];
}

/**
 * Cuts the arguments of `heddle serve` and `heddle mcp` at the first `--`. The words after it have flags of
 * their own, so they must not be parsed as those of `heddle`.
 */
export function cutCommand(args: readonly string[]): CutLine {
  const at = args[0] === 'serve' || args[0] === 'mcp' ? args.indexOf('--') : -1;
  return at === -1 ? { args } : { args: args.slice(0, at), command: args.slice(at + 1) };
}
