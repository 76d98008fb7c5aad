import { listTunings, type HostDb } from '@bangui/db'
import { parseDuration, UpdateJailInput, type HealthHistory } from '@bangui/shared'

type Tuned = NonNullable<HealthHistory['tuned']>[number]

/** More changes of jails are not looked at. */
const MAX_TUNINGS = 500
const MAX_ENTRIES = 1000

/** Returns by jail what somebody set in BanGUI until the next load, by the record of operations. */
export async function listTunedJails(hostDb: HostDb): Promise<Tuned[]> {
  const jails = new Map<string, { numbers: Tuned['numbers']; added: Set<string>; removed: Set<string> }>()
  const tunings = await listTunings(hostDb, MAX_TUNINGS)
  for (const params of tunings.toReversed()) {
    const parsed = UpdateJailInput.safeParse(params)
    if (!parsed.success || parsed.data.permanent) continue
    const { name, addIgnored = [], removeIgnored = [] } = parsed.data
    const jail = jails.get(name) ?? { numbers: {}, added: new Set(), removed: new Set() }
    jails.set(name, { ...jail, numbers: { ...jail.numbers, ...numbersOf(parsed.data) } })
    for (const entry of addIgnored) jail.added.add(entry.trim())
    for (const entry of removeIgnored) jail.removed.add(entry.trim())
  }
  return [...jails].map(([jail, { numbers, added, removed }]) => ({
    jail,
    numbers,
    added: [...added].slice(-MAX_ENTRIES),
    removed: [...removed].slice(-MAX_ENTRIES),
  }))
}

function numbersOf({ bantime, findtime, maxretry }: UpdateJailInput): Tuned['numbers'] {
  const seconds = (value: string | number | undefined) =>
    value === undefined ? undefined : parseDuration(value)
  const found = { bantime: seconds(bantime), findtime: seconds(findtime), maxretry }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
