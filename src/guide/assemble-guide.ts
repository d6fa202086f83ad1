import { Agent as StrandsAgent } from '@strands-agents/sdk';
import { strands } from 'heddle/agents/strands';
import type { Agent } from 'heddle';
import { createDocsSearch } from './create-docs-search.ts';
import { createModel } from './create-model.ts';
import type { Env } from './create-model.ts';
import { createTools, toolFacts } from './create-tools.ts';
import { GuideModel } from './guide-model.ts';
import type { Doc } from './to-passages.ts';
import { systemPrompt } from './system-prompt.ts';

export interface GuideParts {
  readonly docs: readonly Doc[];
  readonly env: Env;
  /** A real model as `provider:model`, or empty for the offline one. */
  readonly model: string;
  readonly paceMs: number;
  readonly now: () => Date;
}

/** Creates the guide from a model and its tools. This module loads the SDK. */
export async function assembleGuide({ docs, env, model: name, paceMs, now }: GuideParts): Promise<Agent> {
  const model = name === '' ? new GuideModel(paceMs) : await createModel(name, env);
  const tools = createTools({ search: createDocsSearch(docs), now });
  return strands(() => new StrandsAgent({ name: 'guide', model, tools, systemPrompt, printer: false }), {
    tools: toolFacts,
  });
}
