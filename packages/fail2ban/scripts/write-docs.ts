import { writeFileSync } from 'node:fs'
import { renderOptionsPage } from './options-page.ts'
import { renderProtectionPage } from './protection-page.ts'

const write = (name: string, text: string) =>
  writeFileSync(new URL(`../../../docs/${name}`, import.meta.url), text)

write('options.md', renderOptionsPage())
write('protection.md', renderProtectionPage())
