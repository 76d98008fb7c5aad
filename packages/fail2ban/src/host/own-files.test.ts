import { mkdir, symlink } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { OwnFile } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { readOwnFiles } from './own-files.ts'
import { listUpgradeFiles } from './upgrade-files.ts'

async function ownFiles(configDir: string): Promise<OwnFile[]> {
  const found: OwnFile[] = []
  for await (const file of readOwnFiles({ configDir })) found.push(file)
  return found
}

it('own files are those that no package has, with their bytes; links and pipes are named', async () => {
  await using folder = await createFolder({
    'jail.conf': '[DEFAULT]\n',
    'filter.d/sshd.conf': '[Definition]\n',
    'jail.local': '[DEFAULT]\nbantime = 1h\n',
    'jail.d/custom.conf': '[x]\n',
    'filter.d/sshd.local': new Uint8Array([0xff, 0x00]),
    'action.d/mine.py': 'import os\n',
    'jail.local.dpkg-old': 'old\n',
    'jail.local~': 'old\n',
    'jail.local.bangui-0123456789ab': 'half\n',
    'jail.d/large.local': 'x'.repeat(1024 * 1024 + 1),
  })
  await symlink('/etc/shadow', join(folder.path, 'jail.d/link.local'))
  execFileSync('mkfifo', [join(folder.path, 'jail.d/pipe.local')])
  await mkdir(join(folder.path, 'jail.d/folder.local'))
  const found = await ownFiles(folder.path)
  const contents = found.map(({ path, content, problem }) => [
    path,
    content && Buffer.from(content, 'base64').toString('latin1'),
    problem,
  ])
  expect(contents).toEqual([
    ['action.d/mine.py', 'import os\n', null],
    ['filter.d/sshd.local', '\u00ff\0', null],
    ['jail.d/custom.conf', '[x]\n', null],
    ['jail.d/large.local', null, expect.stringContaining('is too large')],
    ['jail.d/link.local', null, 'jail.d/link.local is a link.'],
    ['jail.local', '[DEFAULT]\nbantime = 1h\n', null],
  ])
  expect(found.find(({ path }) => path === 'jail.local')).toMatchObject({
    mode: expect.any(Number),
    changedAt: expect.any(Number),
  })
})

it('what upgrades left is compared with the files that fail2ban reads', async () => {
  await using folder = await createFolder({
    'jail.conf': '[DEFAULT]\nbantime = 1h\n',
    'jail.conf.dpkg-dist': '[DEFAULT]\nbantime = 2h\n',
    'jail.conf.dpkg-old': '[DEFAULT]\nbantime = 3h\n',
    'filter.d/a.conf': 'x\n',
    'filter.d/a.conf.rpmnew': 'x\n',
    'filter.d/gone.conf.ucf-dist': 'y\n',
    'fail2ban.conf': 'x\n',
    'fail2ban.conf.dpkg-tmp': 'x\n',
    'jail.d/big.local': 'x',
    'jail.d/big.local.rpmsave': 'x'.repeat(600 * 1024),
  })
  await symlink('/etc/shadow', join(folder.path, 'fail2ban.conf.dpkg-new'))
  const found = await listUpgradeFiles({ configDir: folder.path })
  const change = (before: string, after: string) =>
    `--- jail.conf\n+++ jail.conf\n@@ -1,2 +1,2 @@\n [DEFAULT]\n-bantime = ${before}\n+bantime = ${after}\n`
  expect(found).toEqual([
    {
      path: 'fail2ban.conf.dpkg-new',
      kind: 'offered',
      of: 'fail2ban.conf',
      isThere: true,
      diff: null,
      problem: expect.stringContaining('is a link to /etc/shadow'),
    },
    {
      path: 'filter.d/a.conf.rpmnew',
      kind: 'offered',
      of: 'filter.d/a.conf',
      isThere: true,
      diff: '',
      problem: null,
    },
    {
      path: 'filter.d/gone.conf.ucf-dist',
      kind: 'offered',
      of: 'filter.d/gone.conf',
      isThere: false,
      diff: '--- /dev/null\n+++ filter.d/gone.conf\n@@ -0,0 +1 @@\n+y\n',
      problem: null,
    },
    expect.objectContaining({ path: 'jail.conf.dpkg-dist', kind: 'offered', diff: change('1h', '2h') }),
    expect.objectContaining({ path: 'jail.conf.dpkg-old', kind: 'former', diff: change('3h', '1h') }),
    expect.objectContaining({ kind: 'former', diff: null, problem: expect.stringContaining('too large') }),
  ])
})
