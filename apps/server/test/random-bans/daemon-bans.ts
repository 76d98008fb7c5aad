import type { World } from './world.ts'

/** A ban as fail2ban lists it. Times in epoch milliseconds; `until` null: permanent. */
export interface ListedBan {
  readonly address: string
  readonly since: number
  readonly until: number | null
}

const line = /^(\S+) \t(\S+ \S+) \+ (-?\d+) = (\S+ \S+)$/

/** Returns what fail2ban itself lists for a jail, empty for one that does not run. */
export async function listDaemonBans(
  world: Pick<World, 'connection' | 'zones'>,
  jail: string,
): Promise<ListedBan[]> {
  if (!(await runningJails(world)).includes(jail)) return []
  const lines = (await world.connection.request(['get', jail, 'banip', '--with-time'])) as string[]
  return lines.map((text) => {
    const [, address = '', start = '', duration, end = ''] = line.exec(text) ?? []
    const until = Number(duration) < 0 ? null : world.zones.toEpoch(end)
    return { address, since: world.zones.toEpoch(start), until }
  })
}

/** Returns the names of the jails that run. */
export async function runningJails({ connection }: Pick<World, 'connection'>): Promise<string[]> {
  const status = (await connection.request(['status'])) as [string, string | number][]
  return String(status[1]?.[1]).split(', ').filter(Boolean)
}
