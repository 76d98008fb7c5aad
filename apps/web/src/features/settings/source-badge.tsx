import type { SettingInfo } from '@bangui/shared'
import type { JSX } from 'solid-js'
import { Badge } from '../../ui/badge.tsx'

/** Shows where the value of a setting comes from. */
export function SourceBadge(props: { setting: SettingInfo | undefined }): JSX.Element {
  const words = () => {
    const variable = props.setting?.variable ?? 'the environment'
    if (props.setting?.source === 'override') return ['Set here', `Overrides ${variable} and the default.`]
    if (props.setting?.source === 'environment') return ['Environment', `Set by ${variable}.`]
    return ['Default', `Set neither here nor by ${variable}.`]
  }
  return (
    <Badge tone={props.setting?.source === 'override' ? 'info' : 'neutral'} tooltip={words()[1]}>
      {words()[0]}
    </Badge>
  )
}
