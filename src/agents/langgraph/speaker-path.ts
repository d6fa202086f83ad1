/** The inner agent that speaks, outermost first. Empty for the outer agent. */
export type SpeakerPath = readonly string[];

/** Returns the field of an event that names its speaker. */
export function byPath(path: SpeakerPath): { readonly agent?: SpeakerPath } {
  return path.length > 0 ? { agent: path } : {};
}
