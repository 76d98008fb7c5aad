import type { MenuItem } from '../../ui/menu.tsx'

const spans = [
  { minutes: 60, label: 'Mute for an hour' },
  { minutes: 1440, label: 'Mute for a day' },
  { minutes: 10_080, label: 'Mute for a week' },
]

/** Returns the items of a menu that mute something, or end that. */
export const muteItems = (
  mutedUntil: number | null,
  mute: (minutes: number | null) => void,
): readonly MenuItem[] =>
  mutedUntil === null
    ? spans.map(({ minutes, label }) => ({ label, onSelect: () => mute(minutes) }))
    : [{ label: 'Unmute', onSelect: () => mute(null) }]

/** Returns the title of a toast where muting, or ending that (`minutes` null), failed. */
export const muteFailure = (what: 'rule' | 'incident', minutes: number | null): string =>
  minutes === null ? `The ${what} is still muted` : `The ${what} was not muted`
