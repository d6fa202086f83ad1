import { useSyncExternalStore } from 'react';
import type { ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import { Boundary } from './app/boundary.tsx';
import { Gate } from './app/gate.tsx';
import { logins } from './app/logins.ts';
import { PageFailure } from './app/page-failure.tsx';
import { strings } from './strings/strings.ts';
import { showTheme } from './theme/show-theme.ts';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/sessions.css';
import './styles/sheets.css';
import './styles/messages.css';
import './styles/prose.css';
import './styles/code.css';
import './styles/math.css';
import './styles/parts.css';
import './styles/approvals.css';
import './styles/actions.css';
import './styles/composer.css';
import './styles/connection.css';
import './styles/sign-in.css';
import './styles/own.css';

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root.');
document.documentElement.lang = strings.language;
showTheme();
await logins.resume();
createRoot(root).render(
  <Boundary renderFailed={(retry) => <PageFailure onRetry={retry} />}>
    <Root />
  </Boundary>,
);

function Root(): ReactElement {
  const signIn = useSyncExternalStore(logins.subscribe, logins.get);
  return <Gate key={signIn.signOuts} {...signIn} />;
}
