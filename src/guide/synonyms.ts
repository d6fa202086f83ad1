/** English words people ask with, and others the docs may say it with. */
export const synonyms: Readonly<Record<string, string>> = {
  auth: 'authenticate',
  busy: 'queue',
  crash: 'die kill',
  delete: 'drop',
  fail: 'error',
  fast: 'measured',
  keep: 'retention forget',
  login: 'authenticate',
  mount: 'inside listener',
  password: 'authenticate',
  restart: 'die takeover',
  retain: 'retention',
  save: 'store durable',
  store: 'durable',
};
