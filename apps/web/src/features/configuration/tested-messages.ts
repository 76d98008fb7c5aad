import type { ConfigMessage } from '@bangui/shared'
import { createEffect, createSignal, untrack } from 'solid-js'
import type { SettingsPart } from './config-part.ts'
import type { Draft } from './draft.ts'
import type { SettingLine } from './group-settings.ts'
import { insideOf } from './place-link.tsx'

interface Tested {
  readonly draft: Draft
  readonly edits: string
  readonly messages: readonly ConfigMessage[]
}

const [tested, setTested] = createSignal<Tested>()

/** Remembers what the test of a draft has said, as long as the draft stays as it is. `messages`: undefined while it is tested. */
export function rememberTest(draft: Draft, messages: () => readonly ConfigMessage[] | undefined): void {
  createEffect(() => {
    const found = messages()
    if (found !== undefined)
      setTested({ draft, edits: JSON.stringify(untrack(draft.edits)), messages: found })
  })
}

/** Returns what the last test has said about a draft; empty: nothing, or the draft has changed since. */
export function testedMessages(draft: Draft | undefined): readonly ConfigMessage[] {
  const last = tested()
  const isSame = last !== undefined && last.draft === draft && last.edits === JSON.stringify(draft.edits())
  return isSame ? last.messages : []
}

/** Returns the messages about a file, by its path in the configuration folder. */
export const messagesOfFile = (
  messages: readonly ConfigMessage[],
  path: string,
  configDir: string | undefined,
): ConfigMessage[] =>
  messages.filter(({ file }) => file !== null && (insideOf(configDir, file) ?? file) === path)

/** Returns the messages about a setting. */
export function messagesOfSetting(
  messages: readonly ConfigMessage[],
  part: SettingsPart,
  { key }: Pick<SettingLine, 'key'>,
): ConfigMessage[] {
  return messages.filter((message) => message.key === key && isAbout(message, part))
}

/** Returns whether a message is about the section and file of a part. */
export function isAbout(
  { section, file }: Pick<ConfigMessage, 'section' | 'file'>,
  part: SettingsPart,
): boolean {
  const isIn = (folder: string) => file !== null && new RegExp(`(?:^|/)${folder}(?:\\.|$)`).test(file)
  if (part.kind === 'jail') return section === part.name && isIn('jail')
  if (part.kind === 'default') return section === 'DEFAULT' && isIn('jail')
  if (part.kind === 'fail2ban') return isIn('fail2ban')
  return file !== null && file.includes(`${part.kind}.d/${part.name}.`)
}
