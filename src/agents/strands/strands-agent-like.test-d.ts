import type { Agent, Graph, MessageData, Swarm } from '@strands-agents/sdk';
import type { StrandsAgentLike } from './strands-agent-like.ts';
import type { StrandsMessage } from './strands-message.ts';

type Fits<Real extends Shape, Shape> = Real;

/** The SDK's own classes go in without a cast, and what is given to them is of its own type. */
export type Checks = [
  Fits<Agent, StrandsAgentLike>,
  Fits<Graph, StrandsAgentLike>,
  Fits<Swarm, StrandsAgentLike>,
  Fits<StrandsMessage, MessageData>,
];
