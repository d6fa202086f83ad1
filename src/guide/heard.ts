/** What the guide knows of a conversation when it is its turn to answer. */
export interface GuidePrompt {
  /** The last thing the person said. */
  readonly prompt: string;
  /** What its tools answered since. */
  readonly results: readonly ToolAnswer[];
  /** The result of the last calculation before that. */
  readonly before?: string;
}

export interface ToolAnswer {
  readonly tool: string;
  readonly input: unknown;
  readonly status: 'success' | 'error';
  /** Text, or plain JSON. */
  readonly output: unknown;
}
