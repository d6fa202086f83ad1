import { Agent } from '@strands-agents/sdk';
import type { Model } from '@strands-agents/sdk';
import { createTools } from './create-tools.ts';
import type { ToolParts } from './create-tools.ts';
import { GuideModel } from './guide-model.ts';
import { systemPrompt } from './system-prompt.ts';

export interface GuideParts extends ToolParts {
  /** A real model. Without one the offline model answers. */
  readonly model: Model | undefined;
  readonly paceMs: number;
}

/**
 * Returns a function that creates the guide's agent for one turn. Model and tools are shared by all turns.
 * This module loads the SDK.
 */
export function assembleGuide({ model, paceMs, ...parts }: GuideParts): () => Agent {
  const shared = { model: model ?? new GuideModel(paceMs), tools: createTools(parts) };
  return () => new Agent({ ...shared, name: 'guide', systemPrompt, printer: false });
}
