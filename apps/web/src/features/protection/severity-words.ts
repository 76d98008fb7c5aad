import type { HealthSeverity } from '@bangui/shared'
import type { Tone } from '../../ui/tone.ts'

/** Each severity as a word with its tone. */
export const severities: Readonly<Record<HealthSeverity, { tone: Tone; word: string; meaning: string }>> = {
  critical: {
    tone: 'danger',
    word: 'Critical',
    meaning: 'Something that should be blocked is not blocked.',
  },
  warning: {
    tone: 'warning',
    word: 'Warning',
    meaning: 'Protection is weaker than it should be, or may fail.',
  },
  hint: { tone: 'neutral', word: 'Hint', meaning: 'Worth a look.' },
}
