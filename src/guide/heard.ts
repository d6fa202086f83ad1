/** The parts of a conversation that the guide decides from. */
export interface GuidePrompt {
  /** The last message of the person. */
  readonly prompt: string;
  /** The results of the guide's tools since that message. */
  readonly results: readonly ToolAnswer[];
  /** The result of the last calculation before that message. */
  readonly before?: string;
}

export interface ToolAnswer {
  readonly tool: string;
  readonly input: unknown;
  readonly status: 'success' | 'error';
  /** A text or JSON. */
  readonly output: unknown;
}
