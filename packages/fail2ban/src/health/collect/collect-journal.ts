import { ToolMissingError } from '../../errors.ts'
import { runTool } from '../../host/run-tool.ts'
import type { JournalMatch } from '../seen/files-seen.ts'
import { serviceOf } from '../services.ts'
import { UnseenError, type Collector } from './collector.ts'

const DEADLINE_MS = 5000
const MAX_JAILS = 50
const MAX_ALTERNATIVES = 8

/** A match as journalctl takes it, and not an option. */
const isMatch = (text: string): boolean => /^[A-Z_][A-Z0-9_]{0,63}=[^\n]{1,500}$/.test(text)

/** Sees whether the journal has entries for the jails that read it. */
export const collectJournal: Collector<'journal'> = async ({ get }) => {
  const jails = (await get('jails'))
    .filter(({ journalMatches }) => journalMatches.length > 0)
    .slice(0, MAX_JAILS)
  const config = await get('config')
  const readers = jails.filter(({ name }) =>
    config.jails.some((jail) => jail.name === name && jail.backend?.startsWith('systemd') === true),
  )
  if (readers.length === 0) return { hasEntries: true, jails: [] }
  if ((await get('process')).sameMounts !== true)
    throw new UnseenError('fail2ban runs with other files than BanGUI: it may read another journal.')
  const matches: JournalMatch[] = []
  for (const { name, journalMatches } of readers) {
    const service = serviceOf(config.jails.find((jail) => jail.name === name)?.filter)
    const alternatives = await lookFor(journalMatches)
    const isBlind = alternatives.every(({ isEmpty: isNone }) => isNone)
    matches.push({
      jail: name,
      alternatives,
      siblings: isBlind ? await unitsWithEntries(service?.units ?? []) : [],
    })
  }
  return { hasEntries: !(await isEmpty([])), jails: matches }
}

async function lookFor(matches: readonly (readonly string[])[]): Promise<JournalMatch['alternatives']> {
  const found = []
  for (const fields of matches.slice(0, MAX_ALTERNATIVES))
    if (fields.every(isMatch)) found.push({ match: fields.join(' '), isEmpty: await isEmpty(fields) })
  return found
}

async function unitsWithEntries(units: readonly string[]): Promise<string[]> {
  const found = []
  for (const unit of units) if (!(await isEmpty([`_SYSTEMD_UNIT=${unit}`]))) found.push(unit)
  return found
}

/** Returns whether the journal has no entry of the last 7 days for a match. @throws UnseenError where it cannot be read */
async function isEmpty(fields: readonly string[]): Promise<boolean> {
  const command = ['journalctl', '-q', '-n', '1', '-o', 'cat', '--since=-7d', ...fields]
  try {
    const { ok, output, timedOut } = await runTool(command, { deadline: DEADLINE_MS })
    if (timedOut) throw new UnseenError('The journal took too long to answer.')
    if (!ok)
      throw new UnseenError(`The journal cannot be read: ${output.split('\n')[0]?.slice(0, 200) ?? ''}`)
    return output === ''
  } catch (error) {
    if (error instanceof ToolMissingError) throw new UnseenError('journalctl is not installed here.')
    throw error
  }
}
