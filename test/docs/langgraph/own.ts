// own.ts: SqliteSaver, PostgresSaver and others in place of the MemorySaver
import { Command, MemorySaver } from '@langchain/langgraph';
import { langgraph } from 'heddle/agents/langgraph';
import { createAgent } from 'langchain';
import { model } from './model.ts';

const agent = createAgent({ model, checkpointer: new MemorySaver() });

export default langgraph(() => agent, { Command, MemorySaver });
