import type { WholeReply } from './reply.ts';

/** An error of a route, with its reply in other words than problem details. The error itself is the cause. */
export class WordedRefusal extends Error {
  override readonly name = 'WordedRefusal';
  readonly reply: WholeReply;
  constructor(cause: unknown, reply: WholeReply) {
    super('The request was refused in the words of its dialect.', { cause });
    this.reply = reply;
  }
}
