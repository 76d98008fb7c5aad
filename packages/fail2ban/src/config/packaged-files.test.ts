import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { isPackaged } from './packaged-files.ts'

it('a file is packaged that comes with fail2ban, or that a package of this machine names by its real path', async () => {
  await using folder = await createFolder({ 'filter.d/other.conf': '' })
  await using dpkg = await createFolder({
    'other.conffiles': `${folder.path}/filter.d/other.conf\n`,
    'other.list': `${folder.path}/filter.d/mine.conf\n`,
  })
  await using links = await createFolder({})
  const link = join(links.path, 'config')
  await symlink(folder.path, link)
  const names = [
    'jail.conf',
    'paths-debian.conf',
    'jail.d/defaults-debian.conf',
    'filter.d/sshd.conf',
    'action.d/iptables.conf',
    'filter.d/other.conf',
    'filter.d/mine.conf',
    'filter.d/sshd.local',
    'jail.d/custom.conf',
  ]
  for (const path of [folder.path, link])
    expect(await Promise.all(names.map((name) => isPackaged(path, name, dpkg.path)))).toEqual([
      ...Array.from({ length: 6 }, () => true),
      ...Array.from({ length: 3 }, () => false),
    ])
  expect(await isPackaged(folder.path, 'filter.d/other.conf', `${dpkg.path}/none`)).toBe(false)
})
