import { zonesByPlace } from './time-zones.ts';

/** The time at a place. */
export interface TimeThere {
  readonly time_zone: string;
  /** `2026-11-22 20:15:03` */
  readonly time: string;
  readonly weekday: string;
  /** `+09:00` */
  readonly utc_offset: string;
}

/** Tells the time in an IANA time zone or a known city; without a place, where this server is. Throws an Error that says what to give. */
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

/** The IANA time zone of a place: a zone's own name, the city in it, or one of the usual others. */
export function toZone(place: string): string | undefined {
  const wanted = plain(place.normalize('NFKC').trim());
  if (Object.hasOwn(zonesByPlace, wanted)) return zonesByPlace[wanted];
  const zones = Intl.supportedValuesOf('timeZone');
  const named =
    zones.find((zone) => plain(zone) === wanted) ??
    zones.find((zone) => plain(zone).split('/').at(-1) === wanted);
  return named ?? toOldName(place.trim());
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}

/** Names such as Asia/Calcutta or Etc/GMT+3 are valid, though no list holds them. */
function toOldName(name: string): string | undefined {
  if (!/^[A-Za-z]+\/[A-Za-z0-9_+/-]+$/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
