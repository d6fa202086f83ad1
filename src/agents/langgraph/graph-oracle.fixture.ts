import { AIMessage, ToolMessage } from '@langchain/core/messages';
import type { BaseMessage } from '@langchain/core/messages';
import { END, isGraphBubbleUp, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import type { MemorySaver } from '@langchain/langgraph';
import type { Oracle } from '../kit/oracle.fixture.ts';
import { BrokenError, toGiven, toSaid, toTool } from './langgraph-oracle.fixture.ts';
import { ScriptedChatModel } from './scripted-chat-model.fixture.ts';
import { adapt } from './staged-graph.fixture.ts';

type Tools = readonly ReturnType<typeof toTool>[];

/** Stages graphs that are written by hand: their nodes call the model, and run the tools by themselves. */
export const graphOracle: Oracle = {
  busy: 'model_throttled',
  stage({ answers, tools = [] }) {
    const model = new ScriptedChatModel(...answers.map((lines) => lines.map(toSaid)));
    const agent = adapt((checkpointer) => makeLoop(model, tools.map(toTool), checkpointer));
    return { agent, given: () => model.calls.map((messages) => messages.flatMap(toGiven)) };
  },
};

function makeLoop(model: ScriptedChatModel, tools: Tools, checkpointer: MemorySaver) {
  return new StateGraph(MessagesAnnotation)
    .addNode('ask', async ({ messages }) => ({ messages: [await askTwice(model, messages)] }))
    .addNode('act', async ({ messages }) => ({ messages: await runCalls(messages.at(-1), tools) }))
    .addEdge(START, 'ask')
    .addConditionalEdges('ask', ({ messages }) => (callsOf(messages.at(-1)).length > 0 ? 'act' : END))
    .addEdge('act', 'ask')
    .compile({ checkpointer });
}

async function askTwice(model: ScriptedChatModel, messages: BaseMessage[]): Promise<BaseMessage> {
  try {
    return await model.invoke(messages);
  } catch (error) {
    if (!(error instanceof BrokenError)) throw error;
    return model.invoke(messages);
  }
}

function callsOf(message: BaseMessage | undefined) {
  return AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [];
}

function runCalls(message: BaseMessage | undefined, tools: Tools): Promise<ToolMessage[]> {
  return Promise.all(
    callsOf(message).map(async ({ id = '', name, args }) => {
      const used = tools.find((each) => each.name === name);
      const about = { name, tool_call_id: id };
      try {
        const result: unknown = await used?.invoke({ type: 'tool_call', id, name, args });
        return ToolMessage.isInstance(result)
          ? result
          : new ToolMessage({ ...about, content: String(result) });
      } catch (error) {
        // An interrupt is an error too, for the graph alone.
        if (isGraphBubbleUp(error)) throw error;
        return new ToolMessage({ ...about, content: 'It failed.', status: 'error' });
      }
    }),
  );
}
