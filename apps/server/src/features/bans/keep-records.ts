import { setTimeout as sleep } from 'node:timers/promises'
import type { Ban } from '@bangui/shared'
import type { Deps } from '../../deps.ts'

/** How long fail2ban's record of a ban is waited for at most, in milliseconds. */
const PATIENCE = 1_500

/** Looks: the first can share one that had begun before the ban was written down. */
const LOOKS = 2

/** A ban without attempts that is older has no record that is still to come, in milliseconds. */
const YOUNG = 60_000

type RecordDeps = Pick<Deps, 'archive' | 'state' | 'importNew' | 'clock' | 'log'>

/**
 * fail2ban deletes its record of a ban, with the lines that caused it, when the ban is ended manually: its records of
 * recent bans are imported first. A failure or a long wait does not prevent the unban.
 */
export async function keepRecords(deps: RecordDeps, bans: readonly Ban[]): Promise<void> {
  const { database, importing } = deps.state.get().watching
  if (database.state !== 'ok' || importing !== null) return
  const young = bans.filter((ban) => isWithoutRecord(ban) && deps.clock() - ban.since < YOUNG)
  if (young.length === 0) return
  const timer = new AbortController()
  try {
    await Promise.race([
      takeIn(deps, young),
      sleep(PATIENCE, undefined, { signal: timer.signal, ref: false }).catch(() => undefined),
    ])
  } catch (error) {
    deps.log.warn({ event: 'import_failed', err: error }, 'the records of bans were not read')
  } finally {
    timer.abort()
  }
}

async function takeIn({ importNew, archive }: RecordDeps, young: readonly Ban[]): Promise<void> {
  const addresses = [...new Set(young.map(({ address }) => address))]
  for (let look = 1; look <= LOOKS; look += 1) {
    await importNew()
    if (look < LOOKS && !(await archive.findActive(addresses)).some(isWithoutRecord)) return
  }
}

const isWithoutRecord = ({ attempts, by }: Ban) => by.kind === 'fail2ban' && attempts === null
