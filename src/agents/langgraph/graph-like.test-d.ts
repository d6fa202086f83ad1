import { MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import type { Command, MemorySaver } from '@langchain/langgraph';
import type { DeepAgent } from 'deepagents';
import type { ReactAgent } from 'langchain';
import type { GraphLike, LanggraphOptions, MemorySaverLike } from './index.ts';

type Fits<Real extends Shape, Shape> = Real;

const graph = new StateGraph(MessagesAnnotation)
  .addNode('say', () => ({}))
  .addEdge(START, 'say')
  .compile();

/** The classes of the packages fit without a cast. */
export type Checks = [
  Fits<typeof graph, GraphLike>,
  Fits<ReactAgent, GraphLike>,
  Fits<DeepAgent, GraphLike>,
  Fits<MemorySaver, MemorySaverLike>,
  Fits<typeof Command, LanggraphOptions['Command']>,
  Fits<typeof MemorySaver, LanggraphOptions<MemorySaver>['MemorySaver']>,
];
