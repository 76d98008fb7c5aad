import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { dumpJails, resolveJails, streamsOf } from '../../test/resolved-stream.ts'
import { findFail2banVersions } from '../testing.ts'
import type { TestedFail2ban } from '../testing.ts'
import { configuredJails } from './list-jails.ts'
import { readFail2banConfig } from './read-config.ts'
import { switchOptions, wholeOptions } from './options.ts'
import type { ResolvedJail } from './resolve-jail.ts'

/**
 * Copies the configuration that comes with fail2ban, with every jail on, a jail for every action, and a log file for each path
 * that the files name.
 */
async function copyStock({ binDir, version }: TestedFail2ban) {
  const folder = await createFolder({})
  await cp(binDir === undefined ? '/etc/fail2ban' : join(binDir, '..', 'conf'), folder.path, {
    recursive: true,
  })
  const logs = join(folder.path, 'logs')
  for (const name of await readdir(folder.path)) {
    if (!name.endsWith('.conf')) continue
    const text = await readFile(join(folder.path, name), 'utf8')
    await writeFile(join(folder.path, name), text.replaceAll('/var/log/', `${logs}/`))
  }
  const config = await readFail2banConfig(folder.path)
  const names = configuredJails(config).map(({ name }) => name)
  const ofActions = [...(config.actions ?? [])].filter((name) => !name.endsWith('-common'))
  const sections = [
    ...names.map((name) => `[${name}]\nenabled = true\n`),
    ...ofActions.map(
      (name) => `[with-${name}]\nenabled = true\nfilter = sshd\naction = ${name}\nlogpath = ${logs}/x\n`,
    ),
  ]
  await folder.write('jail.local', sections.join('\n'))
  for (const { options } of await resolveJails(folder.path, version)) {
    for (const line of (options.get('logpath')?.value ?? '').split('\n')) {
      const path = line.replace(/ \S*$/, '').replaceAll('*', 'any')
      if (!path.startsWith(logs)) continue
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, '')
    }
  }
  return folder
}

describe.each(findFail2banVersions())('the configuration that comes with fail2ban $version', (tested) => {
  const { version } = tested

  it('is read as fail2ban reads it, with every jail and every action on', async () => {
    await using folder = await copyStock(tested)
    const expected = await dumpJails(folder.path, tested)
    const jails = await resolveJails(folder.path, version)
    expect(jails.length).toBeGreaterThan(130)
    expect(streamsOf(jails, { configDir: folder.path, version })).toEqual(expected)
    expect(
      jails.flatMap(({ filter, actions }) => [filter, ...actions]).flatMap((each) => each?.faults),
    ).toEqual([])
  })

  it('has each value in the file and the line that BanGUI names, and in no other', async () => {
    await using folder = await copyStock(tested)
    const settings = (await resolveJails(folder.path, version)).flatMap(settingsOf)
    const marks = await markLines(settings)
    expect(marks.size).toBeGreaterThan(400)
    const streams = await dumpJails(folder.path, tested)
    const wrong: string[] = []
    for (const [jail, stream] of streams) {
      const own = settings.filter((setting) => setting.jail === jail)
      for (const [key, value] of valuesOf(stream)) {
        const named = own.filter((setting) => setting.key === key)
        const expected = named.flatMap(({ place }) => marks.get(place) ?? [])
        const isLiteral = named.length === 1 && !/%\(|</.test(named[0]?.raw ?? '')
        const missing = expected.filter((mark) => !value.includes(mark))
        const others = (value.match(/mark\d+z/g) ?? []).filter((mark) => !expected.includes(mark))
        if (missing.length === expected.length && expected.length > 0)
          wrong.push(`${jail} ${key}: ${missing.join()} missing`)
        if (isLiteral && others.length > 0) wrong.push(`${jail} ${key}: ${others.join()} in it`)
      }
    }
    expect(wrong).toEqual([])
  })
})

/** A value that the daemon gets, and the place that BanGUI names for it. */
interface Setting {
  readonly jail: string
  readonly key: string
  readonly raw: string
  readonly place: string
}

function settingsOf({ name: jail, options, filter, actions }: ResolvedJail): Setting[] {
  const ofDefinitions = [filter, ...actions].flatMap((each) => [...(each?.values ?? [])])
  const all = [...options, ...ofDefinitions.map(([key, { option }]) => [key, option] as const)]
  return all.flatMap(([key, option]) =>
    option === null || option.file === null || notMarked.has(key) || key.startsWith('known/')
      ? []
      : [{ jail, key, raw: option.raw, place: `${option.file}:${option.line}` }],
  )
}

/** What fail2ban looks up, opens or reads as yes or no. */
const notMarked = new Set([
  ...switchOptions,
  'filter',
  'backend',
  'action',
  'logpath',
  'norestored',
  'actionstart_on_demand',
  'actionrepair_on_unban',
])

/** Writes a text of its own into the line of each setting. Returns these by place. */
async function markLines(settings: readonly Setting[]): Promise<Map<string, string>> {
  const marks = new Map<string, string>()
  for (const { key, place } of settings) {
    if (marks.has(place)) continue
    marks.set(place, wholeOptions.has(key) ? String(1_000_000 + marks.size) : `mark${marks.size}z`)
  }
  const files = Map.groupBy(marks, ([place]) => place.slice(0, place.lastIndexOf(':')))
  for (const [file, ofFile] of files) {
    const lines = (await readFile(file, 'utf8')).split('\n')
    for (const [place, mark] of ofFile) {
      const at = Number(place.slice(place.lastIndexOf(':') + 1)) - 1
      const [, start = '', rest = ''] = /^([^=:]+[=:])(.*)$/.exec(lines[at] ?? '') ?? []
      lines[at] = mark.startsWith('mark') ? `${start} ${mark}${rest}` : `${start} ${mark}`
    }
    await writeFile(file, lines.join('\n'))
  }
  return marks
}

/** The values of a stream by option, those of actions among them. */
const valuesOf = (stream: readonly unknown[]): [key: string, value: string][] =>
  stream.flatMap((command) => {
    if (!Array.isArray(command)) return []
    const [, , verb, ...values] = command
    if (verb !== 'action') return [[String(verb).replace(/^add/, ''), JSON.stringify(values)]]
    const pairs: [string, string][] = values[1]
    return pairs.map(([key, value]) => [key, JSON.stringify(value)])
  })
