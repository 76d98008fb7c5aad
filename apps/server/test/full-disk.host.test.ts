import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

/** A disk of its own, small enough to be filled; undefined where none can be made. */
async function makeDisk() {
  const folder = await mkdtemp(join(tmpdir(), 'disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    await rm(folder, { recursive: true })
    return undefined
  }
  return {
    folder,
    async fill() {
      const { bavail, bsize } = await statfs(folder)
      await writeFile(join(folder, 'fill'), Buffer.alloc(bavail * bsize)).catch((error: unknown) => {
        // BanGUI wrote meanwhile: it is full all the same
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      })
    },
    empty: () => rm(join(folder, 'fill')),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['--lazy', folder])
      await rm(folder, { recursive: true })
    },
  }
}

it('a disk that is full stops neither a manual ban nor a manual unban', async (context) => {
  await using disk = await makeDisk()
  if (!disk) return context.skip('No disk can be made here.')
  await using day = await createBadDay({ environment: { BANGUI_DATA_DIR: disk.folder } })
  const { api, inForce, history } = await day.start()
  await day.ban('app', '45.1.1.1')
  await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
  await disk.fill()
  const note = expect.stringContaining('could not be recorded')
  const input = { jail: 'app', addresses: ['45.2.2.2', '45.3.3.3'] }
  expect(await api.bans.ban.mutate(input)).toMatchObject({ banned: 2, note })
  expect(await api.bans.unban.mutate({ addresses: ['45.1.1.1'] })).toMatchObject({ unbanned: 1, note })
  expect((await day.banned('app')).toSorted()).toEqual(['45.2.2.2', '45.3.3.3'])
  await expect(
    api.bans.ban.mutate({ jail: 'app', addresses: ['45.4.4.4'], duration: 60 }),
  ).rejects.toMatchObject({ data: { reason: 'ban_end_not_kept' } })
  expect(await day.banned('app')).toHaveLength(2)
  await disk.empty()
  await eventually(async () => expect((await inForce()).toSorted()).toEqual(['45.2.2.2', '45.3.3.3']))
  expect(await history()).toHaveLength(3)
  expect(await api.bans.ban.mutate({ jail: 'app', addresses: ['45.4.4.4'], duration: 60 })).toMatchObject({
    banned: 1,
  })
})
