import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createTestHost, runningJails } from '../../test/with-host.ts'

it('starts a jail also where somebody stops another one meanwhile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'client-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const client = join(folder, 'fail2ban-client')
  await writeFile(join(folder, 'fail2ban-server'), '#!/bin/sh\nexec fail2ban-server "$@"\n', { mode: 0o700 })
  await using at = await createTestHost(undefined, { client })
  const { clientProgram, socketPath } = at.daemon
  await writeFile(
    client,
    `#!/bin/sh
${clientProgram} "$@"
code=$?
case "$*" in *"reload --if-exists web") ${clientProgram} -s '${socketPath}' stop app >'${folder}/log' ;; esac
exit $code
`,
    { mode: 0o700 },
  )
  await at.daemon.start()
  await at.host.jails.stop('web')
  await at.host.jails.start('web')
  expect(await runningJails(at.host)).toEqual(['web'])
})
