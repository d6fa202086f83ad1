// Any browser, or Node: an iterator that comes back by itself.
import { createClient } from 'heddle/client';

const session = await createClient({ url: 'http://127.0.0.1:33663', shared: true }).create();
await session.send('What is a heddle?');
for await (const { event } of session.events()) {
  if (event.type === 'content') process.stdout.write(event.data);
  if (event.type === 'content_end') process.stdout.write('\n');
  if (event.type === 'message_end') break;
}
