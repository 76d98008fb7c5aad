import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packTar, parseTar, type TarFile } from './tar.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tar-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const file = (path: string, text: string): TarFile => ({
  path,
  content: Buffer.from(text),
  mode: 0o640,
  changedAt: 1_700_000_000_000,
})
const files = [
  file('jail.local', '[DEFAULT]\nbantime = 1h\n'),
  file('empty.local', ''),
  file('filter.d/block.local', 'x'.repeat(512)),
  file(`action.d/${'ä'.repeat(40)}/${'b'.repeat(90)}.local`, 'ü\n'),
]

describe('a tar archive', () => {
  it('has its files again when it is read', () => {
    expect(parseTar(packTar(files), 10)).toEqual({ files, leftOut: [] })
    expect(parseTar(packTar([]), 10)).toEqual({ files: [], leftOut: [] })
  })

  it('is one that tar reads, with names, contents, times and permissions', async () => {
    await writeFile(join(folder, 'ours.tar'), packTar(files))
    execFileSync('tar', ['-xf', 'ours.tar', '--no-same-owner'], { cwd: folder })
    for (const { path, content } of files) expect(await readFile(join(folder, path))).toEqual(content)
    const list = execFileSync('tar', ['-tvf', 'ours.tar', '--utc'], { cwd: folder, encoding: 'utf8' })
    expect(list.split('\n')[0]).toMatch(/^-rw-r----- root\/root +23 2023-11-14 22:13 jail\.local$/)
  })

  it('of tar is read, without its links, folders and pipes', async () => {
    const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: folder })
    run('mkdir', '-p', 'etc/jail.d')
    await writeFile(join(folder, 'etc/jail.local'), 'a\n')
    await writeFile(join(folder, 'etc', `${'long'.repeat(60)}.local`), 'b\n')
    run('ln', '-s', '/etc/shadow', 'etc/link.local')
    run('ln', 'etc/jail.local', 'etc/second.local')
    run('mkfifo', 'etc/pipe.local')
    for (const format of ['gnu', 'pax', 'ustar']) {
      const members = ['jail.local', 'jail.d', 'link.local', 'second.local', 'pipe.local']
      const long = format === 'ustar' ? [] : [`${'long'.repeat(60)}.local`]
      run('tar', `--format=${format}`, '-cf', 'theirs.tar', '-C', 'etc', ...members, ...long)
      const found = parseTar(await readFile(join(folder, 'theirs.tar')), 100)
      expect(found.leftOut.map(({ path }) => path.slice(0, 20))).toEqual(
        expect.arrayContaining(['link.local', 'second.local', 'pipe.local']),
      )
      for (const { path, content } of found.files)
        expect([path, content.toString()]).toEqual(['jail.local', 'a\n'])
    }
  })

  it.each<[string, (archive: Buffer) => Buffer]>([
    ['ends in a header', (archive) => archive.subarray(0, 100)],
    ['ends in a file', (archive) => archive.subarray(0, 520)],
    ['has a wrong sum', (archive) => Buffer.concat([Buffer.from('X'), archive.subarray(1)])],
    ['is something else', () => Buffer.alloc(2048, 'x')],
    ['names a size that cannot be', (archive) => withSize(archive, '77777777777')],
    ['has a size in binary', (archive) => withSize(archive, '\u0080\0\0\0\0\0\0\0\0\0\0')],
    ['has a negative size', (archive) => withSize(archive, '-0000000001')],
  ])('is refused where it %s', (_, damage) => {
    expect(() => parseTar(damage(packTar(files)), 10)).toThrow(/archive/)
  })

  it('is refused where it has too many entries', () => {
    expect(() => parseTar(packTar(files), 3)).toThrow('more than 3 entries')
  })
})

/** Sets the size of the first entry, and the sum of its header. */
function withSize(archive: Buffer, size: string): Buffer {
  const changed = Buffer.from(archive)
  changed.fill(0, 124, 136)
  changed.write(size, 124, 'latin1')
  changed.fill(' ', 148, 156)
  const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return changed
}
