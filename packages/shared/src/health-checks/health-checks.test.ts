import { expect, it } from 'vitest'
import { healthAreas } from './health-check.ts'
import { HealthCheckId } from './health-check-id.ts'
import { healthChecks } from './health-checks.ts'

it('has every check once, with a title and a meaning in sentences', () => {
  expect(new Set(healthChecks.map(({ id }) => id)).size).toBe(healthChecks.length)
  for (const { id, title, meaning, area } of healthChecks) {
    expect(id).toMatch(/^[a-z0-9-]+$/)
    expect(title, id).toMatch(/^[^\n]+[^.\n]$/)
    expect(meaning, id).toMatch(/^[^\n]+\.$/)
    expect(healthAreas).toHaveProperty(area)
    expect(HealthCheckId.parse(id)).toBe(id)
  }
})
