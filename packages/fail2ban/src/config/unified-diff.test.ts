import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hideValues } from './hide-values.ts'
import { hiddenDiff, unifiedDiff } from './unified-diff.ts'

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

  it('shows a file that is removed', () => {
    expect(unifiedDiff('/etc/x', '[a]\n', null)).toBe('--- /etc/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-[a]\n')
  })

  it('is empty where nothing differs', () => {
    expect(unifiedDiff('/etc/x', 'a\n', 'a\n')).toBe('')
  })

  it('says where the last line has no end', () => {
    expect(unifiedDiff('x', 'a', 'a\n')).toBe(
      '--- x\n+++ x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n',
    )
  })

  it('replaces the whole text where two long ones have nothing in common', () => {
    const many = (word: string) =>
      `${Array.from({ length: 20_000 }, (_, index) => `${word}${index}`).join('\n')}\n`
    expect(unifiedDiff('x', many('a'), many('b')).split('\n')).toHaveLength(40_004)
  })

  it('turns the first text into the second when it is applied', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '[d]', ''), { maxLength: 15 })
      .map((all) => all.map((line) => `${line}\n`).join(''))
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applyDiff(before, unifiedDiff('file', before, after))).toBe(after)
      }),
      { numRuns: 2000 },
    )
  })
})

/** Applies a difference strictly: every line that it names must be where it says. */
function applyDiff(before: string, diff: string): string {
  const old = before.split('\n').slice(0, -1)
  const out: string[] = []
  let at = 0
  for (const line of diff.split('\n').slice(2, -1)) {
    const start = /^@@ -(\d+)(?:,(\d+))?/.exec(line)
    if (start !== null) {
      const first = start[2] === '0' ? Number(start[1]) : Number(start[1]) - 1
      out.push(...old.slice(at, first))
      at = first
    } else if (line.startsWith('+')) out.push(line.slice(1))
    else {
      if (old[at] !== line.slice(1)) throw new Error(`Line ${at + 1} is not “${line}”.`)
      if (line.startsWith(' ')) out.push(line.slice(1))
      at += 1
    }
  }
  return [...out, ...old.slice(at)].map((line) => `${line}\n`).join('')
}

describe('a difference with hidden values', () => {
  const hide = (text: string) => hideValues(text, (key) => key === 'maxretry')
  const diff = (before: string | null, after: string | null) =>
    hiddenDiff('jail.local', { before, after }, hide)

  it('shows that a secret has changed, and neither value', () => {
    const before = '[web]\nmaxretry = 3\naction = mail[key=old]\n'
    const after = '[web]\nmaxretry = 4\naction = mail[key=new]\n'
    expect(diff(before, after)).toBe(
      '--- jail.local\n+++ jail.local\n@@ -1,3 +1,3 @@\n [web]\n-maxretry = 3\n-action = (hidden)\n+maxretry = 4\n+action = (hidden)\n',
    )
  })

  it('has no secret of a new or a removed file, and no comment', () => {
    for (const text of [
      diff(null, '# s3cret\n[web]\nkey = s3cret\n\ts3cret\ns3cret'),
      diff('[a]\nkey = s3cret', null),
    ])
      expect(text).not.toContain('s3cret')
  })

  it('is empty where nothing differs', () => {
    expect(diff('[a]\n', '[a]\n')).toBe('')
  })

  it('has the lines of the difference with all values', () => {
    const signs = (text: string) => text.split('\n').map((line) => line[0])
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('[a]', 'key = 1', 'key = 2', '# c', '', ' more\r')),
        fc.array(fc.constantFrom('[a]', 'key = 1', 'key = 3', '# d', '')),
        (one, other) => {
          const [before, after] = [one.join('\n'), other.join('\n')]
          expect(signs(diff(before, after))).toEqual(signs(unifiedDiff('jail.local', before, after)))
        },
      ),
    )
  })
})
