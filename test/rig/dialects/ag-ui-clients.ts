import { HttpAgent } from '@ag-ui/client';
import type { DialectOracle } from 'heddle/testing';
import { HeddleAgent } from '../../../examples/heddle-agent.ts';
import { copilotKit } from './copilot-kit.ts';
import { createHttpAgentOracle } from './http-agent.ts';
import { keepsWithdrawn } from './keeps-withdrawn.ts';
import { tanStack } from './tan-stack.ts';

/** The clients of the dialect AG-UI. */
export const agUiOracles = {
  httpAgent: createHttpAgentOracle('HttpAgent of @ag-ui/client 1.0.0', HttpAgent, {
    retracted: keepsWithdrawn,
    replaced: keepsWithdrawn,
  }),
  heddleAgent: createHttpAgentOracle('HeddleAgent', HeddleAgent),
  copilotKit,
  tanStack,
} satisfies Readonly<Record<string, DialectOracle>>;
