import { fine } from '../check.ts';
import type { DoctorCheck } from '../check.ts';
import { findFront, frontNames } from '../front/find-front.ts';
import { receive, toBodyText } from '../net/receive.ts';

/** Finds what stands in front of the server. It is never a fault; it chooses the lines to change. */
export const inFrontCheck: DoctorCheck = {
  name: 'front',
  needs: ['reached'],
  run: async (site) => {
    const { headers } = site.health;
    // Proxies that name themselves nowhere else have a page of their own for a URL that is too long.
    const front = findFront(headers) ?? (await findByErrorPage(site));
    return front === undefined
      ? fine('nothing names itself in front', {})
      : fine(`${frontNames[front]} in front`, { front });
  },
};

async function findByErrorPage(
  site: Parameters<DoctorCheck['run']>[0],
): Promise<ReturnType<typeof findFront>> {
  try {
    const response = await site.send('/health', { query: { pad: 'x'.repeat(20_000) }, isAlone: true });
    const text = toBodyText(await receive(response, { withinMs: 1_000 }));
    return response.status === 200 ? undefined : findFront(response.headers, text);
  } catch {
    return undefined;
  }
}
