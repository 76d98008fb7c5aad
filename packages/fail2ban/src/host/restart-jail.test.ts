import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { loaded, restartJail } from '../../test/changes.ts'
import { ban, createTestHost } from '../../test/with-host.ts'

/** A fail2ban without a database, whose client refuses the next load of the jail once it is told so. */
async function withoutDatabase() {
  const folder = await mkdtemp(join(tmpdir(), 'client-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const client = join(folder, 'fail2ban-client')
  const refusal = join(folder, 'refusal')
  const at = await createTestHost({ jails: [{ name: 'app' }] }, { client })
  await writeFile(join(at.daemon.configDir, 'fail2ban.local'), '[Definition]\ndbfile = None\n')
  const programs = [
    ['fail2ban-server', 'exec fail2ban-server "$@"'],
    [
      'fail2ban-client',
      `case "$*" in *"reload --if-exists app") rm '${refusal}' 2>&- && echo 'no memory left' && exit 1 ;; esac
exec ${at.daemon.clientProgram} "$@"`,
    ],
  ] as const
  for (const [name, text] of programs)
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o700 })
  await at.daemon.start()
  return { at, refuseNext: () => writeFile(refusal, '') }
}

it('the bans of a jail are kept without a database, also where its restart is refused, and what is no address is named', async () => {
  const { at, refuseNext } = await withoutDatabase()
  await using _ = at
  await ban(at, 'app', '192.0.2.7')
  await ban(at, 'app', '2001:db8::7')
  const again =
    '2 bans of app did not come back with the jail and were made again, for the ban time of the jail.'
  expect(await restartJail(at.host, 'app')).toEqual({ ...loaded, output: again })
  await ban(at, 'app', 'user-7')
  await refuseNext()
  expect(await restartJail(at.host, 'app')).toEqual({
    ...loaded,
    applied: false,
    output: `no memory left
${again}
One ban of app did not come back with the jail and was not made again, because BanGUI bans addresses only.`,
  })
  const banned = await at.host.bans.list('app')
  expect(banned.map(({ address }) => address).toSorted()).toEqual(['192.0.2.7', '2001:db8::7'])
})
