/** The kinds of agents that `heddle new` has a template for, and what they are. */
export const agentKinds = {
  strands: 'Strands Agents, in TypeScript',
  'ai-sdk': 'the AI SDK of Vercel',
  openai: 'the OpenAI Agents SDK',
  langgraph: 'LangGraph and LangChain',
  python: 'a generator in Python',
  generator: 'a generator in TypeScript, without a library',
} as const;

export type AgentKind = keyof typeof agentKinds;

export function isAgentKind(text: string): text is AgentKind {
  return Object.hasOwn(agentKinds, text);
}
