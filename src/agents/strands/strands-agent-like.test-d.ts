import type { Agent, Graph, MessageData, Swarm } from '@strands-agents/sdk';
import type { StrandsAgentLike } from './strands-agent-like.ts';
import type { StrandsMessage } from './strands-message.ts';

type Fits<Real extends Shape, Shape> = Real;

/** The SDK's classes fit without a cast, and the messages made here fit the SDK's type. */
export type Checks = [
  Fits<Agent, StrandsAgentLike>,
  Fits<Graph, StrandsAgentLike>,
  Fits<Swarm, StrandsAgentLike>,
  Fits<StrandsMessage, MessageData>,
];
