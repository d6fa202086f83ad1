import { createRoot } from 'react-dom/client';
    import { Chat } from './chat.tsx';
    createRoot(document.querySelector('#messages')!).render(<Chat url="http://127.0.0.1:33663" />);