import type { HealthCheckId, HealthHistory, HealthProblem, HealthUnknown } from '@bangui/shared'
import type { Observation, ObservationPart, ObservedParts } from './observation.ts'

/** What a check has to say: nothing where all is well. */
export interface Verdict {
  readonly problems?: readonly HealthProblem[]
  readonly cannotTell?: readonly HealthUnknown[]
  readonly note?: string
  /** why there is nothing here that the check could be about */
  readonly doesNotApply?: string
}

/** What a check looks at: the parts it needs, history, and the time in milliseconds since the epoch. */
export interface CheckInput<TNeeds extends ObservationPart, TWants extends ObservationPart = never> {
  readonly seen: Pick<Observation, TNeeds> & Partial<Pick<Observation, TWants>>
  readonly history: HealthHistory
  readonly now: number
}

/** One check: what it needs to see, and a pure function of that. */
export interface HealthCheck {
  readonly needs: readonly ObservationPart[]
  readonly run: (input: {
    readonly parts: ObservedParts
    readonly history: HealthHistory
    readonly now: number
  }) => Verdict
}

/** Checks by id. */
export type HealthChecks = { readonly [TId in HealthCheckId]?: HealthCheck }

/**
 * Returns a check that runs when every part that it needs is seen, and otherwise cannot tell, with the reason of each missing
 * part. Parts that it only `wants` may be undefined.
 */
export function defineCheck<TNeeds extends ObservationPart, TWants extends ObservationPart = never>(
  { needs, wants = [] }: { readonly needs: readonly TNeeds[]; readonly wants?: readonly TWants[] },
  run: (input: CheckInput<TNeeds, TWants>) => Verdict,
): HealthCheck {
  return {
    needs: [...needs, ...wants],
    run({ parts, history, now }) {
      const whys = new Set<string>()
      const seen: { [TPart in ObservationPart]?: unknown } = {}
      for (const part of [...needs, ...wants]) {
        const observed = parts[part]
        if (observed && 'value' in observed) seen[part] = observed.value
        else if (needs.some((needed) => needed === part))
          whys.add(observed?.why ?? 'BanGUI has not looked at this yet.')
      }
      if (whys.size > 0) return { cannotTell: [...whys].map((why) => ({ jail: null, why })) }
      return run({ seen: seen as CheckInput<TNeeds, TWants>['seen'], history, now })
    },
  }
}
