// graph.ts
import { Command, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { langgraph } from 'heddle/agents/langgraph';
import { model } from './model.ts';

const graph = new StateGraph(MessagesAnnotation)
  .addNode('ask', () => ({ messages: [{ role: 'user', content: `Say it ${interrupt('How?')}.` }] }))
  .addNode('write', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
  .addEdge(START, 'ask')
  .addEdge('ask', 'write');

export default langgraph(({ checkpointer }) => graph.compile({ checkpointer }), { Command, MemorySaver });
