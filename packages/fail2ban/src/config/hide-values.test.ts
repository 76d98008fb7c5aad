import { expect, test } from 'vitest'
import { hideValues } from './hide-values.ts'

const file = `# token = s3cret
[DEFAULT] ; s3cret
bantime = 10m ; s3cret
ignoreip = 192.0.2.1
# s3cret
    192.0.2.2 ; s3cret
empty =

[app]
apikey: s3cret
    s3cret
; s3cret

enabled = true
s3cret without a sign
`

test('a hidden file has its sections, its names and its open values, and nothing else', () => {
  const shown = hideValues(file, (key) => ['bantime', 'ignoreip', 'enabled'].includes(key))
  expect(shown).toBe(`# (hidden)
[DEFAULT]
bantime = 10m
ignoreip = 192.0.2.1
# (hidden)
    192.0.2.2
empty =

[app]
apikey = (hidden)
    (hidden)
# (hidden)

enabled = true
(hidden)
`)
})

test('a value in another line than its name is hidden with it, whatever stands between', () => {
  const shown = hideValues('[a]\r\nkey =\r\n\r\n   s3cret\r\n', () => false)
  expect(shown).toBe('[a]\r\nkey =\r\n\r\n   (hidden)\r\n')
})
