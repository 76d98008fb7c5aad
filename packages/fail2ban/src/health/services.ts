import { checkedServices, type Service } from '../services/service-table.ts'

export type { Service }

/** Returns the service of a stock filter; undefined: BanGUI does not know it. */
export const serviceOf = (filter: string | null | undefined): Service | undefined =>
  checkedServices.find(({ filters }) => filters.test(filter ?? ''))

/** Processes of services that write their logs themselves; others hand them to the syslog daemon. */
export const processesWithLogs: ReadonlySet<string> = new Set(
  checkedServices.flatMap(({ writesLogs, processes }) => (writesLogs ? processes : [])),
)
