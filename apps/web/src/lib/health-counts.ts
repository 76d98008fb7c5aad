import type { HealthCounts } from '@bangui/shared'
import type { Tone } from '../ui/tone.ts'
import { formatList, plural } from './format.ts'

/** Returns findings in words: "1 critical problem and 2 warnings"; empty: there are none. */
export function describeCounts({ critical, warning, hint }: HealthCounts): string {
  const words = [
    critical > 0 && plural(critical, 'critical problem'),
    warning > 0 && plural(warning, 'warning'),
    hint > 0 && plural(hint, 'hint'),
  ]
  return formatList(words.filter((word) => word !== false))
}

/** Returns the tone of the most severe of these findings. */
export function toneOfCounts({ critical, warning }: HealthCounts): Tone {
  if (critical > 0) return 'danger'
  return warning > 0 ? 'warning' : 'neutral'
}
