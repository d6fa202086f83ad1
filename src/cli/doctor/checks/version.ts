import { fine, worth } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import type { DoctorLine } from '../net/open-line.ts';

/**
 * Whether browsers get HTTP/2: over HTTP/1.1 they open six connections to a server, and each stream takes
 * one.
 */
export const versionCheck: DoctorCheck = {
  name: 'version',
  needs: ['reached'],
  run: async ({ line, url }) => judgeVersion(line, url.hostname),
};

/** Judges the version of HTTP. */
export function judgeVersion(
  { version, tls }: Pick<DoctorLine, 'version' | 'tls'>,
  hostname: string,
): CheckFinding {
  if (version === 'HTTP/2') return fine('HTTP/2: a browser opens as many streams as it needs', { version });
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  const says = 'HTTP/1.1: a browser opens six streams, for all its tabs together';
  return isHere && tls === undefined ? fine(says, { version }) : worth('http1', says, { version });
}
