import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { configuredIgnores } from './configured-ignores.ts'
import { emptyDraft } from './draft.ts'
import { findShadowedIgnore, hasIgnores, planIgnores, type IgnoreChange } from './plan-ignores.ts'
import { readFail2banConfig } from './read-config.ts'

const OWN = 'jail.d/zz-bangui.local'
const HEADER = '# Written by BanGUI. Values in this file win over those in other files.\n'
const jailConf = '[DEFAULT]\nbantime = 10m\n[web]\nport = http\n[mail]\nport = smtp\n'

const everywhere = (entry: string) => ({ entry, jail: null })

/** Plans a change and writes its files. Returns what it wrote, by path in the folder. */
async function write(folder: string, { add = [], remove = [] }: Partial<IgnoreChange>) {
  const change = { add, remove }
  const config = await readFail2banConfig(folder)
  const files = await planIgnores(emptyDraft(config, 'jails'), change)
  for (const { path, after } of files) {
    if (after === null) await rm(path)
    else {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, after)
    }
  }
  const written = await readFail2banConfig(folder)
  expect(findShadowedIgnore(written, change, folder)).toBeNull()
  expect(hasIgnores(written, change)).toBe(true)
  return Object.fromEntries(files.map(({ path, after }) => [relative(folder, path), after]))
}

async function listsOf(folder: string): Promise<Record<string, string[]>> {
  const { sections } = configuredIgnores(await readFail2banConfig(folder))
  return Object.fromEntries(
    sections.map(({ section, entries }) => [section, entries.map(({ entry }) => entry)]),
  )
}

describe('an entry of the allow list in the configuration', () => {
  it('is the list where there is none, and is gone with its file', async () => {
    await using folder = await createFolder({ 'jail.conf': jailConf })
    expect(await write(folder.path, { add: [everywhere('192.0.2.1')] })).toEqual({
      [OWN]: `${HEADER}\n[DEFAULT]\nignoreip = 192.0.2.1\n`,
    })
    const remove = [{ entry: '192.0.2.1', sections: ['DEFAULT'] }]
    expect(await write(folder.path, { remove })).toEqual({ [OWN]: null })
    expect(configuredIgnores(await readFail2banConfig(folder.path)).copy).toBeNull()
  })

  it('stands beside the text that [DEFAULT] has in a file of the distribution, without a reference to it', async () => {
    await using folder = await createFolder({
      'jail.conf': `${jailConf}[DEFAULT]\noffice = 10.0.0.0/8\nignoreip = ::1 %(office)s\n`.replace(
        '[DEFAULT]\nbantime',
        '[X]\nbantime',
      ),
    })
    expect(await write(folder.path, { add: [everywhere('192.0.2.1')] })).toEqual({
      [OWN]: `${HEADER}\n[DEFAULT]\nignoreip = ::1 192.0.2.1 %(office)s\n`,
    })
    expect(await listsOf(folder.path)).toEqual({ DEFAULT: ['::1', '192.0.2.1', '10.0.0.0/8'] })
    const conf = join(folder.path, 'jail.conf')
    const copy = async () => configuredIgnores(await readFail2banConfig(folder.path)).copy
    expect(await copy()).toEqual({ from: conf, into: join(folder.path, OWN), missing: [] })
    const text = await readFile(conf, 'utf8')
    await writeFile(conf, text.replace('::1 %', '::1 10.9.9.9/32 ::1 %'))
    expect(await copy()).toMatchObject({ missing: ['10.9.9.9'] })
    await writeFile(conf, text)
    const remove = [{ entry: '192.0.2.1', sections: ['DEFAULT'] }]
    expect(await write(folder.path, { remove })).toEqual({ [OWN]: null })
  })

  it('is in every list that a jail has of its own, and only once where that takes up the common one', async () => {
    await using folder = await createFolder({
      'jail.conf': jailConf,
      'jail.local':
        '[DEFAULT]\nignoreip = ::1\n[web]\nignoreip = %(known/ignoreip)s 10.0.0.1\n[mail]\nignoreip = 10.0.0.2\n',
    })
    const added = await write(folder.path, {
      add: [everywhere('192.0.2.1'), { entry: '192.0.2.2', jail: 'web' }],
    })
    expect(added).toEqual({
      'jail.local':
        '[DEFAULT]\nignoreip = ::1 192.0.2.1\n[web]\nignoreip = 192.0.2.2 %(known/ignoreip)s 10.0.0.1\n[mail]\nignoreip = 10.0.0.2\n',
      [OWN]: `${HEADER}\n[mail]\nignoreip = 192.0.2.1 %(known/ignoreip)s\n`,
    })
    expect(await write(folder.path, { add: [everywhere('192.0.2.3')] })).toMatchObject({
      [OWN]: `${HEADER}\n[mail]\nignoreip = 192.0.2.1 192.0.2.3 %(known/ignoreip)s\n`,
    })
    expect(await listsOf(folder.path)).toEqual({
      DEFAULT: ['::1', '192.0.2.1', '192.0.2.3'],
      web: ['192.0.2.2', '::1', '192.0.2.1', '192.0.2.3', '10.0.0.1'],
      mail: ['192.0.2.1', '192.0.2.3', '10.0.0.2'],
    })
  })

  it('goes into a file that is read after BanGUI’s own', async () => {
    await using folder = await createFolder({
      'jail.conf': jailConf,
      'jail.d/zzz.local': '[web]\nignoreip = 10.0.0.1\n',
    })
    expect(await write(folder.path, { add: [everywhere('192.0.2.1')] })).toMatchObject({
      'jail.d/zzz.local': '[web]\nignoreip = 10.0.0.1 192.0.2.1\n',
    })
  })

  it('takes the place of a reference to an earlier list where that stands in a file of the distribution', async () => {
    await using folder = await createFolder({
      'jail.conf': jailConf,
      'jail.d/a.conf': '[DEFAULT]\nignoreip = ::1\n[web]\nignoreip = %(known/ignoreip)s 10.0.0.1\n',
    })
    expect(await write(folder.path, { add: [{ entry: '192.0.2.1', jail: 'web' }] })).toEqual({
      [OWN]: `${HEADER}\n[web]\nignoreip = 192.0.2.1 %(default/ignoreip)s 10.0.0.1\n`,
    })
    expect(await listsOf(folder.path)).toMatchObject({ web: ['192.0.2.1', '::1', '10.0.0.1'] })
  })

  it('has its place, also where a reference brings it in', async () => {
    await using folder = await createFolder({
      'jail.conf': jailConf,
      'jail.local':
        '[DEFAULT]\nignoreip = ::1\n\noffice = 10.0.0.0/8 home.example\n[web]\nignoreip = %(known/ignoreip)s %(office)s file:/x\n',
    })
    const file = join(folder.path, 'jail.local')
    expect(configuredIgnores(await readFail2banConfig(folder.path)).sections).toEqual([
      { section: 'DEFAULT', entries: [{ entry: '::1', file, line: 2 }] },
      {
        section: 'web',
        entries: [
          { entry: '::1', file, line: 2 },
          { entry: '10.0.0.0/8', file, line: 4 },
          { entry: 'home.example', file, line: 4 },
          { entry: 'file:/x', file, line: 6 },
        ],
      },
    ])
  })

  it('leaves all other bytes as they are, whatever the lists look like, and none of its own when it is gone', async () => {
    const word = fc.constantFrom('10.0.0.1', '127.0.0.1/8', '::1', 'a.example', 'file:/x', '%(office)s')
    const gap = fc.constantFrom(' ', ', ', '\n  ', ' ; note\n  ', '\n# note\n  ', '\r\n\t')
    const list = fc.array(fc.tuple(word, gap), { minLength: 1, maxLength: 6 }).map((words) =>
      words
        .map(([text, after]) => text + after)
        .join('')
        .replace(/(?:\s|,|;\s*note|# note)+$/, ''),
    )
    const section = (name: string) =>
      fc
        .option(
          fc.oneof(
            list,
            list.map((text) => `%(known/ignoreip)s ${text}`),
            fc.constant('%(default/ignoreip)s'),
          ),
        )
        .map((text) => (text === null ? '' : `[${name}]\nignoreip = ${text}\n`))
    const inDefault = fc.tuple(
      fc.option(list),
      fc.constantFrom('jail.local', 'jail.d/a.conf', 'jail.d/zzz.local'),
    )
    const entry = fc.record({
      entry: fc.constantFrom('192.0.2.1', '203.0.113.0/24', '2001:db8::1', 'b.example'),
      jail: fc.constantFrom(null, 'web', 'mail'),
    })
    const entries = fc.uniqueArray(entry, { minLength: 1, maxLength: 4, selector: JSON.stringify })
    await fc.assert(
      fc.asyncProperty(
        inDefault,
        fc.tuple(section('web'), section('mail')),
        entries,
        async ([text, file], [web, mail], added) => {
          const defaults = `[DEFAULT]\noffice = 10.1.0.0/16\n${text === null ? '' : `ignoreip = ${text}\n`}`
          // a reference to a list that is nowhere
          if (text === null && /%\((?:known|default)/.test(web + mail)) return
          await using folder = await createFolder({
            'jail.conf': jailConf,
            [file]: defaults,
            ...(file !== 'jail.local' && { 'jail.local': `# mine\n${web}${mail}` }),
            ...(file === 'jail.local' && { 'jail.d/b.local': `${mail}${web}` }),
          })
          const before = await filesOf(folder.path)
          const old = await listsOf(folder.path)
          const remove: { entry: string; sections: string[] }[] = []
          for (const one of added) {
            const lists = await listsOf(folder.path)
            const wanted = one.jail === null ? Object.keys(lists) : [one.jail]
            const sections = wanted.filter(
              (name) => !(lists[name] ?? lists['DEFAULT'] ?? []).includes(one.entry),
            )
            await write(folder.path, { add: [one] })
            remove.push({ entry: one.entry, sections })
          }
          for (const [name, words] of Object.entries(await listsOf(folder.path))) {
            const isIn = (one: (typeof added)[number]) => one.jail === null || one.jail === name
            for (const one of added) if (isIn(one)) expect(words).toContain(one.entry)
            const own = new Set<string>(added.map((one) => one.entry))
            const foreign = new Set(words.filter((each) => !own.has(each)))
            expect(foreign).toEqual(new Set(old[name] ?? old['DEFAULT']))
          }
          for (const one of remove.toReversed()) await write(folder.path, { remove: [one] })
          expect(await filesOf(folder.path)).toEqual(before)
        },
      ),
      { numRuns: 40 },
    )
  })
})

async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = paths.map(async (path) => [path, await readFile(path, 'latin1')] as const)
  return Object.fromEntries(await Promise.all(read))
}
