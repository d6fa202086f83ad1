import { useSyncExternalStore } from 'react';
import type { ReactElement } from 'react';
import { Gate } from './gate.tsx';
import { logins } from './logins.ts';

export function Root(): ReactElement {
  const signIn = useSyncExternalStore(logins.subscribe, logins.get);
  return <Gate key={signIn.signOuts} {...signIn} />;
}
