import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import { refusals } from 'heddle';
import type { ServerOptions } from 'heddle/server';

/** Counts requests by the pattern of their route, never by their URL, and refusals by their code. */
export function observeAnswers(registry: Registry): Required<Pick<ServerOptions, 'onAnswer'>> {
  const requests = new Counter({
    name: 'heddle_requests_total',
    help: 'Requests by route and status; a stream counts when it begins.',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  const refused = new Counter({
    name: 'heddle_refusals_total',
    help: 'Requests that were refused, by code.',
    labelNames: ['code'],
    registers: [registry],
  });
  for (const code of Object.keys(refusals)) refused.inc({ code }, 0);
  return {
    onAnswer: ({ route = 'none', status, code }) => {
      requests.inc({ route, status });
      if (code !== undefined) refused.inc({ code });
    },
  };
}
