import type { HealthCheckReport } from '@bangui/shared'

/** A reason why something cannot be told, with the checks that it stops. */
export type UnknownGroup = {
  why: string
  /** `jails`: only about these; empty: about all */
  checks: { title: string; jails: string[] }[]
}

/** Returns what checks cannot tell, each reason once: a missing right stops many checks. */
export function groupUnknowns(
  checks: readonly Pick<HealthCheckReport, 'title' | 'cannotTell'>[],
): UnknownGroup[] {
  const groups = new Map<string, Map<string, Set<string>>>()
  for (const { title, cannotTell } of checks)
    for (const { why, jail } of cannotTell) {
      const ofWhy = groups.get(why) ?? new Map<string, Set<string>>()
      const jails = ofWhy.get(title) ?? new Set<string>()
      if (jail !== null) jails.add(jail)
      groups.set(why, ofWhy.set(title, jails))
    }
  return [...groups].map(([why, ofWhy]) => ({
    why,
    checks: [...ofWhy].map(([title, jails]) => ({ title, jails: [...jails] })),
  }))
}
