import { render, screen } from '@solidjs/testing-library'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noteServerBuild, reloadOutdated } from '../lib/outdated.ts'
import { UpdateNotice } from './update-notice.tsx'

const own = __BANGUI_VERSION__

beforeEach(() => {
  const build = document.createElement('meta')
  build.name = 'bangui-build'
  build.content = 'b1'
  document.head.append(build)
})

afterEach(() => {
  document.head.replaceChildren()
  document.body.replaceChildren()
  sessionStorage.clear()
  noteServerBuild({ version: own, build: null })
})

/** Types something, so that the page does not reload automatically. */
function type() {
  const field = document.createElement('input')
  document.body.append(field)
  field.focus()
}

test.each([
  ['the version and build that this page is from', own, 'b1'],
  ['the same version of a server that serves no page', own, null],
  ['the same version of a server that does not know its build', own, undefined],
  ['nothing yet', undefined, undefined],
])('%s shows no update notice', (_, version, build) => {
  render(() => <UpdateNotice version={version} build={build} />)
  expect(screen.queryByRole('status')).toBeNull()
  expect(reloadOutdated(() => undefined)).toBe(false)
})

test.each([
  { what: 'another version', version: '9.9.9', build: 'b2', title: 'BanGUI is now version 9.9.9.' },
  { what: 'another build of the same version', version: own, build: 'b2', title: 'BanGUI was updated.' },
])(
  '$what offers a reload while something is being typed, and does not reload',
  ({ version, build, title }) => {
    type()
    render(() => <UpdateNotice version={version} build={build} />)
    expect(screen.getByRole('status')).toHaveTextContent(title)
    expect(screen.getByRole('button', { name: 'Reload' })).toBeInTheDocument()
    expect(sessionStorage).toHaveLength(0)
  },
)

test('a reload for the same build happens only once, even with other reloads in between', () => {
  const reloads: string[] = []
  const reloadFor = (build: string) => {
    noteServerBuild({ version: own, build })
    return reloadOutdated(() => reloads.push(build))
  }
  expect([reloadFor('b2'), reloadFor('b2'), reloadFor('b3'), reloadFor('b2')]).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect(reloads).toEqual(['b2', 'b3'])
})
