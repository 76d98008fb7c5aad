import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { unifiedDiff } from './unified-diff.ts'

describe('a unified difference', () => {
  it('shows what changes with three lines around it', () => {
    const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n'
    expect(unifiedDiff('/etc/x', before, before.replace('5', 'five'))).toBe(
      '--- /etc/x\n+++ /etc/x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
    )
  })

  it('shows a new file', () => {
    expect(unifiedDiff('/etc/x', null, '[a]\nx = 1\n')).toBe(
      '--- /dev/null\n+++ /etc/x\n@@ -0,0 +1,2 @@\n+[a]\n+x = 1\n',
    )
  })

  it('is empty where nothing differs', () => {
    expect(unifiedDiff('/etc/x', 'a\n', 'a\n')).toBe('')
  })

  it('says where the last line has no end', () => {
    expect(unifiedDiff('x', 'a', 'a\n')).toBe(
      '--- x\n+++ x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n',
    )
  })

  it('stays quick with texts that have nothing in common', () => {
    const many = (word: string) =>
      `${Array.from({ length: 20_000 }, (_, index) => `${word}${index}`).join('\n')}\n`
    const start = performance.now()
    expect(unifiedDiff('x', many('a'), many('b')).split('\n')).toHaveLength(40_004)
    expect(performance.now() - start).toBeLessThan(5000)
  })

  it('turns the first text into the second when it is applied', async () => {
    await using folder = await createFolder({})
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '[d]', ''), { maxLength: 15 })
      .map((all) => all.map((line) => `${line}\n`).join(''))
    for (const [before, after] of fc.sample(fc.tuple(text, text), 60)) {
      const file = join(folder.path, 'file')
      await folder.write('file', before)
      const diff = unifiedDiff('file', before, after)
      if (diff !== '') execFileSync('patch', ['-s', '-u', file], { input: diff })
      expect({ before, text: execFileSync('cat', [file], { encoding: 'utf8' }) }).toEqual({
        before,
        text: after,
      })
    }
  })
})
