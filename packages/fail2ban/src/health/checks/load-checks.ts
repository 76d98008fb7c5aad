import { parseAddress } from '@bangui/shared'
import { evaluatedSeconds } from '../../config/evaluated-seconds.ts'
import { defineCheck, type HealthChecks, type Verdict } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { StreamJail } from '../seen/config-seen.ts'
import type { ActionSeen, JailSeen } from '../seen/daemon-seen.ts'

/** Whether what runs is what the files say, and whether a reload would go well. */
export const loadChecks = {
  'reload-that-kills': defineCheck(
    { needs: ['daemonValues', 'config'], wants: ['logTarget'] },
    ({ seen: { daemonValues, config, logTarget } }) => {
      const dangers: Danger[] = config.refusedSettings.map((key) => ({
        key,
        what: `fail2ban cannot use the value of ${key}.`,
        remedy: `Correct ${key} in fail2ban.local.`,
      }))
      if (!isSameDatabase(config.own.dbfile, daemonValues.databaseFile))
        dangers.push({
          key: 'dbfile',
          what: 'The files name a different database from the one in use, which fail2ban refuses to change while it has jails.',
          remedy: 'Restart fail2ban instead of reloading it. A new database starts without bans.',
        })
      if (logTarget && logTarget.folder !== 'folder' && logTarget.folder !== 'unseen')
        dangers.push({
          key: 'logtarget',
          what: `The folder of ${logTarget.path} does not exist, so fail2ban cannot open its log.`,
          remedy: 'Create the folder, or set another logtarget.',
        })
      return {
        problems: dangers.map(({ key, what, remedy }) =>
          problemOf({
            severity: 'warning',
            subject: key,
            title: `A reload would remove every jail because of ${key}`,
            detail: `${what} A reload would stop halfway and leave fail2ban without any jails or bans, although the configuration test passes.`,
            remedy,
          }),
        ),
      }
    },
  ),

  'version-skew': defineCheck(
    { needs: ['daemon', 'clientVersion'] },
    ({ seen: { daemon, clientVersion } }): Verdict => {
      if (daemon.version === null || daemon.version === clientVersion) return {}
      return {
        problems: [
          problemOf({
            severity: 'warning',
            title: `fail2ban ${daemon.version} is running, but ${clientVersion} is installed`,
            detail:
              'fail2ban was probably upgraded but not restarted. A reload by a newer client can leave an older daemon without jails.',
            evidence: [`version of the daemon: ${daemon.version}`, `fail2ban-client -V: ${clientVersion}`],
            remedy: 'Restart fail2ban.',
            action: { kind: 'daemon.restart', jail: null, addresses: [] },
          }),
        ],
      }
    },
  ),

  drift: defineCheck(
    { needs: ['jails', 'config'], wants: ['actions'] },
    ({ seen: { jails, config, actions } }) => {
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
          const differences = [...settingsThatDiffer(jail, files), ...actionsThatDiffer(running, files)]
          return differences.length === 0 ? [] : [driftOf(jail.name, differences)]
        }),
      }
    },
  ),
} satisfies HealthChecks

interface Danger {
  readonly key: string
  readonly what: string
  readonly remedy: string
}

const isSameDatabase = (configured: string, running: string | null): boolean =>
  configured.toLowerCase() === 'none' ? running === null : configured === running

interface Difference {
  readonly key: string
  readonly files: string
  readonly running: string
  /** a reload does not apply it */
  readonly needsRestart?: true
}

function driftOf(jail: string, differences: readonly Difference[]) {
  const names = differences.map(({ key }) => key).join(', ')
  const needsRestart = differences.some((difference) => difference.needsRestart)
  return problemOf({
    severity: 'warning',
    jail,
    title: `${jail}: the files differ from the running configuration (${names})`,
    detail: `Edited but not loaded yet, or changed at run time: ${names}. The next reload applies the values in the files.`,
    evidence: differences.map(({ key, files, running }) => `${key}: files ${files}, running ${running}`),
    remedy: needsRestart
      ? 'Restart the jail to apply the files (a reload does not apply a changed action), or change the files.'
      : 'Reload the jail to apply the files, or change the files.',
    action: { kind: needsRestart ? 'jail.restart' : 'jail.reload', jail, addresses: [] },
  })
}

/** Numbers are compared as fail2ban computes them: it keeps the text `1h` in the stream. */
function settingsThatDiffer(jail: JailSeen, { values, ignoreIp }: StreamJail): Difference[] {
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
      : [{ key, files: files ?? '', running: String(running) }]
  })
  const usedns = values.get('usedns')
  if (usedns !== undefined && lookupOf(usedns) !== jail.usedns)
    found.push({ key: 'usedns', files: usedns, running: jail.usedns })
  const [wanted, running] = [normalised(ignoreIp), normalised(jail.ignoreIp)]
  if (wanted !== running) found.push({ key: 'ignoreip', files: wanted, running })
  return found
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
const normalised = (entries: readonly string[]): string =>
  [...new Set(entries.flatMap((entry) => entry.split(/[\s,]+/)).flatMap(canonical))].toSorted().join(' ')

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
