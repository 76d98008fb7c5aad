import { withTimeout } from '@bangui/async'
import type { Ban } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'

/** How long an unban waits for the import at most, in milliseconds. */
const IMPORT_TIMEOUT_MS = 1_500

/** How many imports are made: the first can join one that began before fail2ban wrote the record. */
const MAX_IMPORTS = 2

/** Milliseconds after which fail2ban no longer adds a record of a ban. */
const RECORD_DUE_MS = 60_000

type RecordDeps = Pick<HostDeps, 'archive' | 'state' | 'importNew' | 'clock' | 'log'>

/**
 * fail2ban deletes its record of a ban, with the lines that caused it, when the ban is ended manually: its records of
 * recent bans are imported first. A failure or a long wait does not prevent the unban.
 */
export async function importBeforeUnban(deps: RecordDeps, bans: readonly Ban[]): Promise<void> {
  const { database, importing } = deps.state.get().watching
  if (database.state !== 'ok' || importing !== null) return
  const young = bans.filter((ban) => isWithoutRecord(ban) && deps.clock() - ban.since < RECORD_DUE_MS)
  if (young.length === 0) return
  try {
    const onTimeout = () => undefined
    await withTimeout(() => takeIn(deps, young), { milliseconds: IMPORT_TIMEOUT_MS, onTimeout })
  } catch (error) {
    deps.log.warn({ event: 'import_failed', err: error }, 'fail2ban’s records of bans could not be imported')
  }
}

async function takeIn({ importNew, archive }: RecordDeps, young: readonly Ban[]): Promise<void> {
  const addresses = [...new Set(young.map(({ address }) => address))]
  for (let look = 1; look <= MAX_IMPORTS; look += 1) {
    await importNew()
    if (look < MAX_IMPORTS && !(await archive.findActive(addresses)).some(isWithoutRecord)) return
  }
}

const isWithoutRecord = ({ attempts, by }: Ban) => by.kind === 'fail2ban' && attempts === null
