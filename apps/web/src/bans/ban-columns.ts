/** The columns of the list of bans; `sort` is the server's name of the order. */
export const banColumns = [
  { key: 'address', header: 'Address', sort: 'address' },
  { key: 'jail', header: 'Jail', sort: 'jail' },
  { key: 'country', header: 'Country', sort: 'country' },
  { key: 'since', header: 'Since', sort: 'since' },
  { key: 'until', header: 'Remaining', sort: 'until' },
  {
    key: 'times',
    header: 'Times',
    sort: 'times',
    hint: 'How often this jail has banned it, this ban included',
  },
  { key: 'by', header: 'Banned by', sort: undefined },
  { key: 'reason', header: 'Reason', sort: undefined },
] as const

export type BanColumn = (typeof banColumns)[number]
