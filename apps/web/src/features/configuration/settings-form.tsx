import { useLocation, useSearchParams } from '@solidjs/router'
import { For, type JSX } from 'solid-js'
import { decodePath } from '../../lib/decode-path.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { anchorOf } from './config-part.ts'
import { createComparison, problemsOfSetting } from './draft-comparison.ts'
import {
  defaultOf,
  differsFromDefault,
  isRareLine,
  type SettingGroup,
  type SettingLine,
} from './group-settings.ts'
import { IncrementChart } from './increment-chart.tsx'
import { SettingGroupCard } from './setting-group.tsx'
import { SettingRow } from './setting-row.tsx'
import type { SettingsViewProps } from './settings-props.ts'

/** The settings of a part in groups, each with a row that can be changed. */
export function SettingsForm(props: SettingsViewProps & { groups: readonly SettingGroup[] }): JSX.Element {
  const [params] = useSearchParams<{ only?: string }>()
  const location = useLocation()
  const isOnly = () => params.only === 'changed'
  // a link to a setting shows it, whatever is left out else
  const target = () => decodePath(location.hash.slice(1))
  const groups = () =>
    props.groups
      .map((group) => ({
        ...group,
        lines: isOnly() ? group.lines.filter((line) => differsFromDefault(line)) : group.lines,
      }))
      .filter(({ lines }) => lines.length > 0)
  const isDrafted = (line: SettingLine) =>
    props.draft?.findSetting(props.part, line) !== undefined || differsInDraft(props.drafted, line)
  const isTarget = (line: SettingLine) => anchorOf(line.section, line.key) === target()
  /** what is asked for, or in the draft, is never folded away */
  const isShown = (line: SettingLine, group: SettingGroup) =>
    isOnly() || !isRareLine(line, group) || isDrafted(line) || isTarget(line)
  const compared = createComparison(() => props.draft)
  const problemsOf = (line: SettingLine) => {
    const found = compared()
    const edit = props.draft?.findSetting(props.part, line)
    return found === undefined ? [] : problemsOfSetting(found, props.part, { key: line.key, edit })
  }
  const row = (line: SettingLine) => (
    <SettingRow
      part={props.part}
      line={line}
      drafted={draftedOf(props.drafted, line)}
      problems={problemsOf(line)}
      draft={props.draft}
      context={props}
    />
  )
  /** as the draft leaves it */
  const valueOf = (key: string) => {
    const line = props.groups.flatMap(({ lines }) => lines).find((each) => each.key === key)
    if (line === undefined) return ''
    const typed = props.draft?.findSetting(props.part, line)?.value
    const drafted = draftedOf(props.drafted, line)?.value
    return typed ?? drafted ?? line.setting?.value ?? defaultOf(line) ?? ''
  }
  return (
    <For
      each={groups()}
      fallback={
        <EmptyState title="Nothing differs from the defaults">
          No file sets a value that differs from fail2ban’s own defaults here.
        </EmptyState>
      }
    >
      {(group) => (
        <SettingGroupCard
          group={group}
          isShown={(line) => isShown(line, group)}
          row={row}
          chart={<IncrementChart valueOf={valueOf} />}
        />
      )}
    </For>
  )
}

const draftedOf = (drafted: SettingsViewProps['drafted'], { section, key }: SettingLine) =>
  drafted?.find((each) => each.key === key && each.section === section)

const differsInDraft = (drafted: SettingsViewProps['drafted'], line: SettingLine) =>
  drafted !== undefined && draftedOf(drafted, line)?.value !== line.setting?.value
