// A node of Heddle over Redis: `heddle-node.ts <url of Redis>`.
import { defineAgent } from 'heddle';
import { listen } from 'heddle/node';
import { fromNodeRedis, redisStore } from 'heddle/redis';
import { createServer } from 'heddle/server';
import { toText } from 'heddle';
import { createClient } from 'redis';
import { answerLines } from '../delivery/answer-lines.ts';
import { answerOnce, toAnswerEnd } from './answer.ts';

const store = await redisStore(fromNodeRedis(createClient({ url: process.argv[2] ?? '' })), {
  onWarning: () => {},
});
const agent = defineAgent({
  open:
    () =>
    ({ input }) =>
      answerOnce(toAnswerEnd(toText(input.content))),
});
const { url } = await listen(createServer({ store, agent, onError: () => {} }), { port: 0 });
await answerLines({ url }, () => {});
