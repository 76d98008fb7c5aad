import { afterEach, expect, test } from 'vitest'
import { basePath, fromBase, safeNext } from './base-path.ts'

const setBase = (href: string) => {
  const base = document.createElement('base')
  base.href = href
  document.head.append(base)
}
afterEach(() => document.querySelectorAll('base').forEach((base) => base.remove()))

test.each([
  ['/', ''],
  ['/bangui/', '/bangui'],
  ['/tools/ban/', '/tools/ban'],
])('the base path for %s is "%s"', (href, expected) => {
  setBase(href)
  expect(basePath()).toBe(expected)
})

test.each([
  ['/bangui/jails', '/jails'],
  ['/bangui/', '/'],
  ['/bangui', '/'],
  ['/banguish', '/banguish'],
  ['/jails', '/jails'],
  ['/bangui//evil.example/', '/evil.example/'],
  ['//evil.example/', '/evil.example/'],
])('under /bangui the path %s is %s relative to the base', (path, expected) => {
  setBase('/bangui/')
  expect(fromBase(path)).toBe(expected)
})

test.each([
  ['/jails?search=sshd', '/jails?search=sshd'],
  ['/settings#sessions', '/settings#sessions'],
  ['//evil.example/', '/'],
  ['/\\evil.example/', '/'],
  ['/\t/evil.example', '/'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['', '/'],
  [undefined, '/'],
  [['/a', '/b'], '/'],
  ['/.//evil.example/', '/evil.example/'],
])('after sign-in, %j leads to %s', (next, expected) => {
  expect(fromBase(safeNext(next))).toBe(expected)
})
