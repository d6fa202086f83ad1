import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { strings } from './strings/strings.ts';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/sessions.css';
import './styles/messages.css';
import './styles/prose.css';
import './styles/parts.css';
import './styles/approvals.css';
import './styles/actions.css';
import './styles/composer.css';
import './styles/connection.css';

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root.');
document.documentElement.lang = strings.language;
createRoot(root).render(<App />);
