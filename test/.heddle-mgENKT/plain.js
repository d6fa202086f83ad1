// Any framework, or none: a conversation is a store with get() and subscribe().
import { toText } from 'heddle';
import { createClient, createConversation } from 'heddle/client';

const session = await createClient({ url: 'http://127.0.0.1:33663' }).create();
const conversation = createConversation(session);
conversation.subscribe(() => {
  const items = conversation.get().state.messages.map((message) => {
    const item = document.createElement('li');
    item.textContent =
      message.role === 'user'
        ? toText(message.content)
        : message.parts.map((part) => part.text ?? '').join('');
    return item;
  });
  document.querySelector('#messages').replaceChildren(...items);
});
await session.send('What is a heddle?');
