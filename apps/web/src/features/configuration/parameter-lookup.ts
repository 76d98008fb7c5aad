import { useQueryClient } from '@tanstack/solid-query'
import { useApi } from '../../api/api-context.tsx'
import type { KnownKey, Vocabulary } from './complete-ini.ts'
import type { FieldContext } from './field-context.ts'
import { knownParameters } from './reference-parameters.ts'
import { configQueries } from './queries.ts'

/** Returns what looks up the parameters of filters and actions, which are loaded when somebody types the first brackets of each. */
export function createParameterLookup(
  options: () => FieldContext['options'] | undefined,
): NonNullable<Vocabulary['parametersOf']> {
  const api = useApi()
  const client = useQueryClient()
  return (kind, name) => {
    const known = options()
    const effective = configQueries.effective(api, { kind, name })
    const modes = configQueries.filterModes(api, name)
    const settings = client.getQueryData(effective.queryKey)
    if (known === undefined || settings === undefined) {
      void client.prefetchQuery(effective)
      if (kind === 'filter') void client.prefetchQuery(modes)
      return []
    }
    const names = new Set(known[kind].map(({ key }) => key))
    return knownParameters(settings, kind, names).map(({ key, fallback }): KnownKey => {
      const choices = key === 'mode' && kind === 'filter' ? client.getQueryData(modes.queryKey) : undefined
      return { key, meaning: fallback === '' ? '' : `Default: ${fallback}`, choices: choices ?? [] }
    })
  }
}
