import { valuesInStream, type Streams } from '../config/compare-streams.ts'
import { ToolMissingError } from '../errors.ts'
import { whyBadDatePattern } from '../regex/check-datepattern.ts'
import type { Finding } from './check-config.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { regexSettings } from './regex-verbs.ts'

/** How many date patterns of a change are looked at: each takes a Python program. */
const MAX_DATE_PATTERNS = 10

/**
 * Returns the date patterns of a change that fail2ban cannot use; none where there is no fail2ban-regex beside fail2ban-client to ask:
 * then the load says so.
 */
export async function findBadDatePatterns(
  context: LocalHostContext,
  streams: Streams | null,
): Promise<Finding[]> {
  const found: Finding[] = []
  const changed = [...(streams?.comparison.jails.keys() ?? [])].flatMap((jail) => {
    const [old, now] = [streams?.before ?? [], streams?.after ?? []].map((stream) =>
      valuesInStream(stream, jail, 'datepattern').flatMap((value) => value.split('\n')),
    )
    return (now ?? []).filter((value) => !old?.includes(value)).map((value) => ({ jail, value }))
  })
  if (changed.length === 0) return found
  const settings = await regexSettings(context)
  for (const { jail, value } of changed.slice(0, MAX_DATE_PATTERNS)) {
    const why = await whyBadDatePattern(settings, value).catch((error: unknown) => {
      if (error instanceof ToolMissingError) return null
      throw error
    })
    if (why !== null)
      found.push({
        jail,
        option: 'datepattern',
        value,
        reason: `datepattern: Unable to compile '${value}': ${why}`,
      })
  }
  return found
}
