import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createFolder } from '../../../test/fail2ban-reader.ts'
import { setIn } from '../../../test/planned-edits.ts'
import { emptyDraft } from '../draft.ts'
import { planChange } from '../plan-edits.ts'
import { readFail2banConfig } from '../read-config.ts'
import { findForbiddenCommand } from './compare-commands.ts'

const commands = `["set", "web", "addfailregex", "^a <HOST>$"]`

it.each([
  ['nothing is found where both copies have the same commands', `echo '${commands}'`, undefined],
  ['a client that does not end allows nothing', 'kill -9 $$', 'all'],
  [
    'a client that only the switched jails stop allows nothing',
    `[ -s "$2/jail.d/~~~~.local" ] && exit 1\necho '${commands}'`,
    'all',
  ],
  ['a copy that is wrong in any case is left to its own test', 'echo wrong >&2\nexit 1', undefined],
  [
    'an expression that only fail2ban puts together is found',
    `grep -q 7 "$2"/jail.d/*bangui.local && echo '["set", "web", "addfailregex", "(?P<ip4>.+)"]' || echo '${commands}'`,
    'all',
  ],
  [
    'and that it bans names',
    `grep -q 7 "$2"/jail.d/*bangui.local && echo '["set", "web", "usedns", "raw"]' || echo '${commands}'`,
    'all',
  ],
])('%s', async (_, script, needs) => {
  await using folder = await createFolder({
    'jail.conf': '[web]\nfilter = web\nlogpath = /dev/null\n',
    'fail2ban.conf': '[Definition]\n',
    'filter.d/web.conf': '[Definition]\nfailregex = ^a <HOST>$\n',
  })
  const client = join(folder.path, 'client')
  await writeFile(client, `#!/bin/sh\n${script}\n`)
  await chmod(client, 0o700)
  const draft = emptyDraft(await readFail2banConfig(folder.path), 'jails')
  const found = await findForbiddenCommand(await planChange(draft, [setIn('web', 'maxretry', '7')]), {
    client,
  })
  expect(found?.needs).toBe(needs)
})

const known = (regex: string) => {
  const streamOf = (text: string) => [
    ['set', 'web', 'addfailregex', text],
    ['start', 'web'],
  ]
  return Promise.resolve({
    before: streamOf('^a <HOST>$'),
    after: { ok: true, ended: true, stream: streamOf(regex), output: '' },
  })
}

it.each([
  ['^b <HOST>$', undefined],
  ['(?P<ip4>.+)', 'all'],
])('commands that are known are looked at without a client: %s', async (regex, needs) => {
  await using folder = await createFolder({
    'jail.conf': '[web]\nenabled = true\nfilter = web\nlogpath = /dev/null\n',
    'fail2ban.conf': '[Definition]\n',
    'filter.d/web.conf': '[Definition]\nfailregex = ^a <HOST>$\n',
  })
  const draft = emptyDraft(await readFail2banConfig(folder.path), 'jails')
  const change = await planChange(draft, [setIn('web', 'maxretry', '7')])
  const tools = { client: '/nowhere/fail2ban-client' }
  expect((await findForbiddenCommand(change, tools, { known: known(regex) }))?.needs).toBe(needs)
})

it('commands in which a touched jail is not started are read again', async () => {
  await using folder = await createFolder({
    'jail.conf': '[web]\nfilter = web\nlogpath = /dev/null\n',
    'fail2ban.conf': '[Definition]\n',
    'filter.d/web.conf': '[Definition]\nfailregex = ^a <HOST>$\n',
  })
  const draft = emptyDraft(await readFail2banConfig(folder.path), 'jails')
  const change = await planChange(draft, [setIn('web', 'maxretry', '7')])
  const none = Promise.resolve({ before: [], after: { ok: true, ended: true, stream: [], output: '' } })
  const looked = findForbiddenCommand(change, { client: '/nowhere/fail2ban-client' }, { known: none })
  await expect(looked).rejects.toMatchObject({ code: 'tool_missing' })
})
