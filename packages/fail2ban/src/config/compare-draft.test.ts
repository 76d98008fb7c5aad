import { createHash } from 'node:crypto'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Edit } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { setIn } from '../../test/planned-edits.ts'
import { compareDraft } from './compare-draft.ts'
import { emptyDraft } from './draft.ts'
import { readFail2banConfig } from './read-config.ts'

const stock = {
  'jail.conf':
    '[DEFAULT]\nbantime = 10m\nfilter = %(__name__)s\naction = noop\n[web]\nport = http\nlogpath = /dev/null\n[mail]\nlogpath = /dev/null\n',
  'fail2ban.conf': '[DEFAULT]\nloglevel = INFO\n[Definition]\nsocket = /run/x\npidfile = /run/y\n',
  'filter.d/web.conf': '[Definition]\nfailregex = ^a <HOST>$\n',
  'filter.d/mail.conf': '[Definition]\nfailregex = ^b <HOST>$\n',
  'action.d/noop.conf': '[Definition]\nactionban = true\n',
  'jail.local': '# mine\n[web]\nport = 80\n',
}

async function compare(edits: readonly Edit[], files: Record<string, string> = {}) {
  await using folder = await createFolder({ ...stock, ...files })
  return await compareDraft(emptyDraft(await readFail2banConfig(folder.path), 'jails', ['/var/log']), edits)
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const fine = { problem: null, changed: null }

describe('the comparison of a draft', () => {
  it('has a diff of each file, with the edits that change it', async () => {
    const { edits, files, problems } = await compare([
      setIn('web', 'port', 'https'),
      setIn('mail', 'maxretry', '3'),
      setIn('web', 'maxretry', '4'),
    ])
    expect(edits).toEqual([fine, fine, fine])
    expect(problems).toEqual([])
    expect(files.map(({ file, edits: own }) => [file, own])).toEqual([
      ['jail.local', [0]],
      ['jail.d/zz-bangui.local', [1, 2]],
    ])
    expect(files[0]).toMatchObject({ after: '# mine\n[web]\nport = https\n' })
    expect(files[0]?.unified).toContain('-port = 80\n+port = https\n')
    expect(files[1]?.unified).toContain('+[mail]\n+maxretry = 3\n')
  })

  it('sees what an earlier edit creates', async () => {
    const { edits, files } = await compare([
      { kind: 'create', scope: 'jail', name: 'new', from: 'web' },
      setIn('new', 'maxretry', '3'),
    ])
    expect(edits).toEqual([fine, fine])
    expect(files[0]?.unified).toContain('+maxretry = 3')
  })

  it('takes an option that was read on disk or in a text of the same draft', async () => {
    const text = '# mine\n[web]\nport = 81\nmaxretry = 2\n'
    const draft: Edit[] = [
      { kind: 'file', file: 'jail.local', content: text, base: sha256(stock['jail.local']) },
      { ...setIn('web', 'port', 'https'), base: '80' } as Edit,
    ]
    const { edits, files, problems } = await compare(draft)
    expect([edits, problems]).toEqual([[fine, fine], []])
    const onText = await compare([draft[0]!, { ...draft[1]!, base: '81' } as Edit])
    expect(onText.edits).toEqual([fine, fine])
    expect(files[0]?.after).toBe('# mine\n[web]\nport = https\nmaxretry = 2\n')
    const changed = await compare(draft, { 'jail.local': '# mine\n[web]\nport = 82\n' })
    expect(changed.edits.map((edit) => edit.changed?.now)).toEqual([
      sha256('# mine\n[web]\nport = 82\n'),
      '82',
    ])
  })

  it('says that an option was changed on disk, with its present value, and compares with that', async () => {
    const { edits, files } = await compare([{ ...setIn('web', 'port', 'https'), base: 'http' } as Edit])
    expect(edits).toEqual([{ problem: null, changed: { now: '80' } }])
    expect(files[0]?.unified).toContain('-port = 80\n+port = https\n')
  })

  it('says that a file was changed, removed or made on disk, with what it is now', async () => {
    const text = '[web]\nport = 443\n'
    const edit = (file: string, base: string | null): Edit => ({ kind: 'file', file, content: text, base })
    const { edits } = await compare(
      [
        edit('jail.local', sha256('before')),
        edit('jail.d/gone.local', sha256('before')),
        edit('jail.d/made.local', null),
        edit('jail.d/kept.local', null),
      ],
      { 'jail.d/made.local': '' },
    )
    expect(edits).toEqual([
      { problem: null, changed: { now: sha256(stock['jail.local']) } },
      { problem: null, changed: { now: null } },
      { problem: null, changed: { now: sha256('') } },
      fine,
    ])
  })

  it.each<[string, Edit, object]>([
    [
      'an unknown jail',
      setIn('nobody', 'port', '1'),
      { message: expect.stringContaining('no jail named nobody') },
    ],
    [
      'a file that fail2ban does not read',
      { kind: 'file', file: 'notes.txt', content: '' },
      { message: expect.stringContaining('notes.txt') },
    ],
    [
      'an option that needs more than the host allows',
      setIn('web', 'action', 'x'),
      { section: 'web', key: 'action', file: 'jail.d/zz-bangui.local' },
    ],
    [
      'a text with such an option',
      { kind: 'file', file: 'jail.local', content: '[web]\nport = 80\naction = x\n' },
      { section: 'web', key: 'action', file: 'jail.local' },
    ],
    ['a new action', { kind: 'create', scope: 'action', name: 'mine' }, { file: 'action.d/mine.local' }],
  ])('names %s at its edit, and compares the others', async (_, edit, problem) => {
    const { edits } = await compare([setIn('mail', 'maxretry', '3'), edit])
    expect(edits[0]).toEqual(fine)
    expect(edits[1]?.problem).toMatchObject(problem)
  })

  it('names the option that a file sets later at its edit', async () => {
    await using folder = await createFolder({ ...stock, 'elsewhere.local': '[mail]\nport = 22\n' })
    await mkdir(join(folder.path, 'jail.d'))
    await symlink(join(folder.path, 'elsewhere.local'), join(folder.path, 'jail.d/zzzz.local'))
    const draft = emptyDraft(await readFail2banConfig(folder.path), 'jails')
    const { edits } = await compareDraft(draft, [setIn('web', 'port', '443'), setIn('mail', 'port', '25')])
    expect(edits).toMatchObject([
      fine,
      { problem: { section: 'mail', key: 'port', message: expect.stringContaining('is read later') } },
    ])
  })
})
