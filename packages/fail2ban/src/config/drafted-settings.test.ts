import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import type { Edit, EffectiveInput } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { setIn } from '../../test/planned-edits.ts'
import type { ConfigWrite } from '../models/change-models.ts'
import { emptyDraft } from './draft.ts'
import { draftedSettings } from './drafted-settings.ts'
import { readFail2banConfig } from './read-config.ts'

const stock = {
  'jail.conf':
    '[DEFAULT]\nbantime = 10m\nfilter = %(__name__)s\naction = noop\n[web]\nport = http\nlogpath = /dev/null\n',
  'fail2ban.conf': '[Definition]\nloglevel = INFO\n',
  'filter.d/base.conf': '[Definition]\nlogtype = file\n',
  'filter.d/web.conf':
    '[INCLUDES]\nbefore = base.conf\n[Definition]\nfailregex = ^a <HOST>$\nmode = normal\n',
  'action.d/noop.conf': '[Definition]\nactionban = true\n',
  'jail.local': '[web]\nport = 80\n',
}

const web: EffectiveInput = { scope: 'jail', name: 'web' }
const file = (path: string, content: string): Edit => ({ kind: 'file', file: path, content })

/** Returns the value of each option that is asked for; null: nothing is shown. */
async function valuesOf(
  edits: readonly Edit[],
  keys: readonly string[],
  { part = web, level = 'jails' }: { part?: EffectiveInput; level?: ConfigWrite } = {},
) {
  await using folder = await createFolder(stock)
  await writeFile(join(folder.path, 'secret'), '[web]\npassword = hunter2\n')
  const draft = emptyDraft(await readFail2banConfig(folder.path), level)
  const found = await draftedSettings(draft, edits, part)
  return found && keys.map((key) => found.find((each) => each.key === key)?.value)
}

describe('the settings as a draft leaves them', () => {
  it('have what forms and texts change, in their order', async () => {
    const edits = [
      setIn('web', 'port', '443'),
      file('jail.local', '[DEFAULT]\nbantime = 2h\n[web]\nport = 8080\n'),
      setIn('web', 'maxretry', '7'),
    ]
    expect(await valuesOf(edits, ['port', 'bantime', 'maxretry'])).toEqual(['8080', '2h', '7'])
    expect(await valuesOf(edits, ['bantime'], { part: { scope: 'default' } })).toEqual(['2h'])
  })

  it('have the values of a filter that the draft changes', async () => {
    const edits = [file('filter.d/web.local', '[Definition]\nmode = strict\n')]
    expect(await valuesOf(edits, ['mode'], { part: { scope: 'filter', name: 'web' } })).toEqual(['strict'])
  })

  it('are those of a jail that the draft creates, and null for one that is nowhere', async () => {
    const edits: Edit[] = [
      { kind: 'create', scope: 'jail', name: 'new', from: 'web' },
      setIn('new', 'maxretry', '9'),
    ]
    expect(await valuesOf(edits, ['port', 'maxretry'], { part: { scope: 'jail', name: 'new' } })).toEqual([
      '80',
      '9',
    ])
    expect(await valuesOf([], ['port'], { part: { scope: 'jail', name: 'new' } })).toBeNull()
  })

  it('leave out an edit that cannot be made', async () => {
    expect(await valuesOf([setIn('gone', 'port', '1'), setIn('web', 'port', '443')], ['port'])).toEqual([
      '443',
    ])
  })

  it.each<[string, Edit, ConfigWrite]>([
    ['includes another file', file('jail.local', '[INCLUDES]\nafter = secret\n[web]\nport = 80\n'), 'jails'],
    ['includes another file', file('jail.local', '[INCLUDES]\nafter = secret\n[web]\nport = 80\n'), 'all'],
    ['is made where nothing may be changed', setIn('web', 'port', '443'), 'off'],
  ])('are not shown for a draft with an edit that %s: %j at %s', async (_, edit, level) => {
    expect(await valuesOf([edit], ['port'], { level })).toBeNull()
  })

  it('of a copy have what it includes as before', async () => {
    const edits: Edit[] = [{ kind: 'create', scope: 'filter', name: 'copy', from: 'web' }]
    expect(await valuesOf(edits, ['logtype'], { part: { scope: 'filter', name: 'copy' } })).toEqual(['file'])
  })

  it('show what the host does not allow as well', async () => {
    expect(await valuesOf([setIn('web', 'action', 'noop[x=1]')], ['action'])).toEqual(['noop[x=1]'])
  })
})
