import { expect, test } from 'vitest';
import { timeIn, toZone } from './time-in.ts';

const now = new Date('2026-11-22T11:15:03Z');

test('the time comes with its date, weekday and offset', () => {
  expect(timeIn('Tokyo', now)).toEqual({
    time_zone: 'Asia/Tokyo',
    time: '2026-11-22 20:15:03',
    weekday: 'Sunday',
    utc_offset: '+09:00',
  });
  expect(timeIn('UTC', new Date('2026-11-22T00:00:00Z'))).toMatchObject({
    time: '2026-11-22 00:00:00',
    utc_offset: '+00:00',
  });
});

test.each([
  ['asia/tokyo', 'Asia/Tokyo'],
  ['New York', 'America/New_York'],
  ['new_york', 'America/New_York'],
  ['San Francisco', 'America/Los_Angeles'],
  ['東京', 'Asia/Tokyo'],
  ['ロンドン', 'Europe/London'],
  ['ﾛﾝﾄﾞﾝ', 'Europe/London'],
])('%s is in %s', (place, zone) => {
  expect(toZone(place)).toBe(zone);
});

test('an unknown place is an error', () => {
  expect(() => timeIn('Atlantis', now)).toThrow('I do not know the time zone of "Atlantis".');
  expect(() => timeIn('__proto__', now)).toThrow(/do not know/);
  expect(() => timeIn('No/Such_Zone', now)).toThrow(/do not know/);
});
