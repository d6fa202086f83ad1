import { createRoot } from 'react-dom/client';
import { Chat } from './chat.tsx';

const root = document.createElement('div');
document.body.append(root);
// Every state of a call that was ever drawn.
const seen: string[] = [];
Object.assign(window, { seen });
new MutationObserver(() => {
  for (const call of document.querySelectorAll('[data-call]')) {
    const text = call.textContent ?? '';
    if (seen.at(-1) !== text) seen.push(text);
  }
}).observe(root, { subtree: true, childList: true, characterData: true });
createRoot(root).render(<Chat server={location.origin} />);
