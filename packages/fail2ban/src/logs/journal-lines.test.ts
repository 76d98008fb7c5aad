import { expect, test } from 'vitest'
import { createEndOf } from './journal-lines.ts'

test('the end of what journalctl prints is kept, in whole lines, and never much more than that', () => {
  const end = createEndOf(10)
  expect(end.text()).toBe('')
  end.add(Buffer.from('ab\ncd\n'))
  expect(end.text()).toBe('ab\ncd\n')
  end.add(Buffer.from('efg\nh\n'))
  expect(end.text()).toBe('cd\nefg\nh\n')
  end.add(Buffer.alloc(1000, 'x'))
  end.add(Buffer.from('\nlast\n'))
  expect(end.text()).toBe('last\n')
})
