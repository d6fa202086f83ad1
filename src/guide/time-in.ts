import { zonesByPlace } from './time-zones.ts';

/** The time at a place, as `current_time` returns it. */
export interface TimeThere {
  readonly time_zone: string;
  /** `2026-11-22 20:15:03` */
  readonly time: string;
  readonly weekday: string;
  /** `+09:00` */
  readonly utc_offset: string;
}

/**
 * Returns the time in an IANA time zone or a known city, and without a place the server's. Throws an Error of
 * one sentence if it does not know the place.
 */
export function timeIn(place: string | undefined, now: Date): TimeThere {
  const zone = place === undefined ? new Intl.DateTimeFormat().resolvedOptions().timeZone : toZone(place);
  if (zone === undefined) {
    throw new Error(
      `I do not know the time zone of "${place}". Give a time zone such as Asia/Tokyo or Europe/Paris.`,
    );
  }
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    weekday: 'long',
    timeZoneName: 'longOffset',
  }).formatToParts(now);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return {
    time_zone: zone,
    time: `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`,
    weekday: part('weekday'),
    utc_offset: part('timeZoneName').replace('GMT', '') || '+00:00',
  };
}

/**
 * Returns the IANA time zone of a place: a zone by its name, a city in the name of one, or another known
 * place.
 */
export function toZone(place: string): string | undefined {
  const wanted = place.normalize('NFKC').trim().toLowerCase();
  if (Object.hasOwn(zonesByPlace, wanted)) return zonesByPlace[wanted];
  const city = `/${wanted.replaceAll(' ', '_')}`;
  return (
    Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase().endsWith(city)) ??
    toKnownZone(wanted)
  );
}

function toKnownZone(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
