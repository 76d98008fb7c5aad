import type { Vocabulary } from './complete-ini.ts'
import type { FieldContext } from './field-context.ts'

/** Returns what an editor can suggest in the files of a part. */
export function vocabularyOf({ part, settings, options, sources }: FieldContext): Vocabulary {
  const isOfJails = part.kind === 'jail' || part.kind === 'default'
  const scope = isOfJails ? 'jail' : part.kind
  const choicesOf = (type: string, choices: readonly string[] | undefined) =>
    choices ?? (type === 'switch' ? ['true', 'false'] : [])
  return {
    keys: options[scope].map(({ key, meaning, type, choices }) => ({
      key,
      meaning,
      choices: choicesOf(type, choices),
    })),
    filters: (sources.filters ?? []).map(({ name }) => name),
    actions: (sources.actions ?? []).map(({ name }) => name),
    variables: [
      ...new Set(
        settings.filter(({ section }) => part.kind !== 'jail' || section === part.name).map(({ key }) => key),
      ),
      ...(isOfJails ? [] : options[scope].map(({ key }) => `known/${key}`)),
    ],
    sections: isOfJails
      ? ['DEFAULT', ...(sources.jails ?? []).map(({ name }) => name)]
      : part.kind === 'fail2ban'
        ? ['Definition', 'Thread']
        : ['Definition', 'Init'],
  }
}
