import { parseAddress, type HealthHistory } from '@bangui/shared'
import { evaluatedSeconds } from '../../config/evaluated-seconds.ts'
import { differenceOf } from '../../config/in-force.ts'
import { defineCheck } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { StreamJail } from '../seen/config-seen.ts'
import type { ActionSeen, JailOptions, JailSeen } from '../seen/daemon-seen.ts'

/** Compares what runs with what the files say, jail by jail; what somebody set through BanGUI until the next load is a hint. */
export const driftCheck = defineCheck(
  { needs: ['jails', 'config'], wants: ['actions', 'jailOptions'] },
  ({ seen: { jails, config, actions, jailOptions }, history }) => {
    if (config.stream === null)
      return {
        cannotTell: [
          { jail: null, why: 'BanGUI could not get the meaning of the files from fail2ban-client.' },
        ],
      }
    const configured = new Map(config.stream.jails.map((jail) => [jail.name, jail]))
    return {
      problems: jails.flatMap((jail) => {
        const files = configured.get(jail.name)
        if (files?.starts !== true) return []
        const running = actions?.find((entry) => entry.jail === jail.name)?.actions ?? null
        const options = jailOptions?.find((entry) => entry.jail === jail.name)
        const tuned = history.tuned?.find((entry) => entry.jail === jail.name)
        const differences = [
          ...settingsThatDiffer(withoutAllowed(jail, files, history.allowed), files, tuned),
          ...(options === undefined ? [] : optionsThatDiffer(options, files)),
          ...actionsThatDiffer(running, files),
        ]
        const own = differences.filter(({ isTuned }) => isTuned === true)
        const others = differences.filter(({ isTuned }) => isTuned !== true)
        return [
          ...(others.length === 0 ? [] : [driftOf(jail.name, others)]),
          ...(own.length === 0 ? [] : [tunedOf(jail.name, own)]),
        ]
      }),
    }
  },
)

/** BanGUI sets the entries of its allow list in running jails, also where it may not write them. */
function withoutAllowed(
  jail: JailSeen,
  { ignoreIp }: StreamJail,
  allowed: HealthHistory['allowed'],
): JailSeen {
  const own = new Set(
    (allowed ?? []).flatMap((entry) =>
      (entry.jail ?? jail.name) === jail.name ? canonical(entry.address) : [],
    ),
  )
  const files = new Set(wordsOf(ignoreIp))
  return {
    ...jail,
    ignoreIp: wordsOf(jail.ignoreIp).filter((entry) => files.has(entry) || !own.has(entry)),
  }
}

type Tuned = NonNullable<HealthHistory['tuned']>[number]

/** Of each value so much is quoted. */
const MAX_EVIDENCE = 2000

interface Difference {
  readonly key: string
  readonly files: string
  readonly running: string
  /** a reload does not apply it */
  readonly needsRestart?: true
  /** somebody set what runs through BanGUI */
  readonly isTuned?: boolean
}

function driftOf(jail: string, differences: readonly Difference[]) {
  const names = differences.map(({ key }) => key).join(', ')
  const needsRestart = differences.some((difference) => difference.needsRestart)
  return problemOf({
    severity: 'warning',
    jail,
    title: `${jail}: the files differ from the running configuration (${names})`,
    detail: `Edited but not loaded yet, or changed at run time: ${names}. The next reload applies the values in the files.`,
    evidence: evidenceOf(differences),
    remedy: needsRestart
      ? 'Restart the jail to apply the files (a reload does not apply a changed action, and keeps an option that was removed), or change the files.'
      : 'Reload the jail to apply the files, or change the files.',
    action: { kind: needsRestart ? 'jail.restart' : 'jail.reload', jail, addresses: [] },
  })
}

function tunedOf(jail: string, differences: readonly Difference[]) {
  const names = differences.map(({ key }) => key).join(', ')
  return problemOf({
    severity: 'hint',
    jail,
    subject: 'tuned',
    title: `${jail}: set in BanGUI, not saved (${names})`,
    detail: `Somebody changed ${names} in BanGUI for the running jail only. The next load of the jail gives up the change.`,
    evidence: evidenceOf(differences),
    remedy: 'Make the change permanent on the page of the jail, or reload the jail to give it up.',
    action: { kind: 'jail.reload', jail, addresses: [] },
  })
}

const evidenceOf = (differences: readonly Difference[]): string[] =>
  differences
    .map(({ key, files, running }) => `${key}: files ${files}, running ${running}`.slice(0, MAX_EVIDENCE))
    .slice(0, 20)

/** Numbers are compared as fail2ban computes them: it keeps the text `1h` in the stream. */
function settingsThatDiffer(
  jail: JailSeen,
  { values, ignoreIp }: StreamJail,
  tuned: Tuned | undefined,
): Difference[] {
  const numbers = [
    ['maxretry', jail.maxretry],
    ['findtime', jail.findtime],
    ['bantime', jail.bantime],
  ] as const
  const found: Difference[] = numbers.flatMap(([key, running]) => {
    const files = values.get(key)
    const seconds = files === undefined ? undefined : secondsOf(key, files)
    return seconds === undefined || seconds === running
      ? []
      : [{ key, files: files ?? '', running: String(running), isTuned: tuned?.numbers[key] === running }]
  })
  const usedns = values.get('usedns')
  if (usedns !== undefined && lookupOf(usedns) !== jail.usedns)
    found.push({ key: 'usedns', files: usedns, running: jail.usedns })
  const [wanted, running] = [normalised(ignoreIp), normalised(jail.ignoreIp)]
  if (wanted !== running)
    found.push({
      key: 'ignoreip',
      files: wanted,
      running,
      isTuned: isTunedList({ wanted, running }, tuned),
    })
  return found
}

/** Returns whether somebody added and removed through BanGUI what is in one list only; what was given up meanwhile does not matter. */
function isTunedList(
  { wanted, running }: { readonly wanted: string; readonly running: string },
  tuned: Tuned | undefined,
): boolean {
  if (tuned === undefined) return false
  const [files, now] = [wanted.split(' '), running.split(' ')]
  const [added, removed] = [tuned.added, tuned.removed].map((list) => new Set(list.flatMap(canonical)))
  const isIn = (set: ReadonlySet<string> | undefined, entry: string) =>
    entry === '' || set?.has(entry) === true
  return (
    now.every((entry) => files.includes(entry) || isIn(added, entry)) &&
    files.every((entry) => now.includes(entry) || isIn(removed, entry))
  )
}

const NOT_SET = '(not set)'

/** Compares expressions, and finds options that the daemon has although the files do not set them. */
function optionsThatDiffer(
  { expressions, others }: JailOptions,
  { values, failRegex, ignoreRegex }: StreamJail,
): Difference[] {
  const configured = [
    ['failregex', failRegex],
    ['ignoreregex', ignoreRegex],
    ['prefregex', [values.get('prefregex') ?? '']],
  ] as const
  const differing = configured.flatMap(([key, texts]): Difference[] => {
    const value = texts.join('\n')
    const running = differenceOf({ key, value }, new Map([[key, expressions.get(key)]]))
    // a reload empties the lists, and keeps a prefregex that was removed
    const isKept = key === 'prefregex' && value === ''
    return running === null
      ? []
      : [{ key, files: value || NOT_SET, running: running || NOT_SET, ...(isKept && { needsRestart: true }) }]
  })
  const removed = [...others].flatMap(([key, running]): Difference[] =>
    values.has(key) ? [] : [{ key, files: NOT_SET, running, needsRestart: true }],
  )
  return [...differing, ...removed]
}

function secondsOf(key: string, text: string): number | undefined {
  const found = evaluatedSeconds(text)
  if (found.kind !== 'number') return undefined
  // the daemon cuts the fraction of a bantime off, and reports whole seconds of both here
  return key === 'findtime' ? found.value : Math.trunc(found.value)
}

/** fail2ban takes every other word for no (`setUseDns` in `filter.py`). */
const lookupOf = (value: string): string =>
  ['yes', 'warn', 'raw'].includes(value.toLowerCase()) ? value.toLowerCase() : 'no'

/** fail2ban drops the length 0, splits at commas, and orders as it likes. */
const normalised = (entries: readonly string[]): string => wordsOf(entries).toSorted().join(' ')

const wordsOf = (entries: readonly string[]): string[] => [
  ...new Set(entries.flatMap((entry) => entry.split(/[\s,]+/)).flatMap(canonical)),
]

function canonical(entry: string): string[] {
  if (entry === '') return []
  const [host = '', mask] = entry.split('/', 2)
  const bits = mask === undefined ? undefined : prefixOf(mask)
  const text = parseAddress(bits === undefined ? host : `${host}/${bits}`)?.text ?? entry.toLowerCase()
  return [text.replace(/^(0\.0\.0\.0|::)\/0$/, '$1')]
}

/** `255.0.0.0` is a prefix of 8. */
function prefixOf(mask: string): string {
  const address = /^\d+(?:\.\d+){3}$/.test(mask) ? mask.split('.').map(Number) : undefined
  if (address === undefined) return mask
  const bits = address.map((part) => part.toString(2).padStart(8, '0')).join('')
  return /^1*0*$/.test(bits) ? String(bits.replaceAll('0', '').length) : mask
}

/** The properties of actions that are the same text in both. */
const comparedProperties = ['port', 'protocol', 'name', 'type', 'blocktype']

function actionsThatDiffer(running: readonly ActionSeen[] | null, { actions }: StreamJail): Difference[] {
  if (running === null) return []
  const names = (list: readonly { readonly name: string }[]) =>
    list
      .map(({ name }) => name)
      .toSorted()
      .join(', ')
  if (names(running) !== names(actions))
    return [{ key: 'action', files: names(actions), running: names(running), needsRestart: true }]
  return actions.flatMap(({ name, properties }) => {
    const now = running.find((action) => action.name === name)?.properties
    return comparedProperties.flatMap((key): Difference[] => {
      const [files, value] = [properties.get(key), now?.get(key)]
      if (files === undefined || value === undefined || files === value || /<[^<>]+>/.test(files + value))
        return []
      return [{ key: `${name} ${key}`, files, running: value, needsRestart: true }]
    })
  })
}
